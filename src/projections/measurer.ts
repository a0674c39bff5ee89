/**
 * Rides measured in threads beside: a long one takes a tenth of a second or more, in which this one answers others, and a
 * rebuild has the database write one ride while the next ones are measured.
 *
 *   measure ─► waiting ─ a thread is free, or may be begun ─► measuring ─┬─ done, failed ─► settled; the thread is free
 *                                                                        └─ the thread has ended ─► failed
 *
 * The first thread stays, so that a ride that ends after quiet is measured at once; those beside it go when they are idle.
 */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { ExcludedPositions } from './excluded-positions.ts'
import type { MeasuredForAll } from './measure.ts'
import type { Answers, Measurement, Task } from './measurer-thread.ts'

/**
 * `events`: see `measureRide`. Of several queues the one in which fewest wait comes first: a ride that has
 * just ended does not wait behind those of a rebuild.
 */
export type Measure = (events: string, queue?: number) => Promise<MeasuredForAll | undefined>

export interface Measurer {
  readonly measure: Measure
  /**
   * `readEvents` gives what `excludedPositionsIn` takes. 'too many' where so many are asked for already that rides which end
   * would wait for them: then nothing is read.
   */
  readonly excluded: (
    readEvents: () => Promise<string>,
  ) => Promise<ExcludedPositions | undefined | 'too many'>
  /** Ends the threads; what is under way fails. */
  close(): Promise<void>
}

export interface MeasurerOptions {
  readonly mostThreads?: number
  readonly idleMs?: number
  /** The first thread is begun before it is needed: that takes as long as ten rides do, for which somebody would wait. */
  readonly isAhead?: boolean
}

/** One core is left to whoever answers, and to the database. More threads measure faster than one database writes. */
const ordinaryThreads = Math.min(4, Math.max(1, availableParallelism() - 1))
const ordinaryIdleMs = 10_000
/** Behind all else that is begun with the process. */
const aheadAfterMs = 3_000

/**
 * That are read, wait or are gone through at the same time: a second or so of one thread, of long rides, whose events are some
 * megabytes each.
 */
const mostExcluded = 8
const queueOfExcluded = -1

interface Job {
  readonly task: Task
  readonly resolve: (answer: Answers[keyof Answers]) => void
  readonly reject: (error: unknown) => void
}

interface Thread {
  readonly worker: Worker
  job: Job | undefined
  idle: NodeJS.Timeout | undefined
}

export function openMeasurer(options: MeasurerOptions = {}): Measurer {
  const { mostThreads = ordinaryThreads, idleMs = ordinaryIdleMs, isAhead = false } = options
  const waiting = new Map<number, Job[]>()
  const threads = new Set<Thread>()
  let askedForExcluded = 0
  let isClosed = false

  function giveWork(): void {
    while (waiting.size > 0) {
      const thread = [...threads].find(({ job }) => job === undefined) ?? begin()
      if (thread === undefined) return
      clearTimeout(thread.idle)
      const job = takeNext()
      thread.job = job
      thread.worker.ref()
      thread.worker.postMessage(job.task)
    }
  }

  /** Of those that wait, of which there are some. */
  function takeNext(): Job {
    const [queue, jobs] = [...waiting].reduce((least, each) =>
      each[1].length < least[1].length ? each : least,
    )
    const job = jobs.shift()!
    if (jobs.length === 0) waiting.delete(queue)
    return job
  }

  function begin(): Thread | undefined {
    if (threads.size >= mostThreads) return undefined
    const worker = new Worker(new URL('./measurer-thread.ts', import.meta.url))
    const thread: Thread = { worker, job: undefined, idle: undefined }
    threads.add(thread)
    worker.on('message', (measurement: Measurement) => {
      const { job } = thread
      thread.job = undefined
      // An idle thread keeps no process from ending.
      worker.unref()
      if (measurement.outcome === 'done') job?.resolve(measurement.answer)
      else job?.reject(measurement.error)
      giveWork()
      if (thread.job === undefined && threads.size > 1) thread.idle = setTimeout(end, idleMs, thread).unref()
    })
    worker.on('error', (error) => ended(thread, error))
    worker.on('exit', () => ended(thread, new Error('The thread that measured the ride has ended')))
    return thread
  }

  function ended(thread: Thread, error: unknown): void {
    clearTimeout(thread.idle)
    threads.delete(thread)
    thread.job?.reject(error)
    thread.job = undefined
    giveWork()
  }

  function end(thread: Thread): void {
    threads.delete(thread)
    void thread.worker.terminate()
  }

  function beginAhead(): void {
    if (threads.size === 0) begin()?.worker.unref()
  }
  const beginning = isAhead ? setTimeout(beginAhead, aheadAfterMs).unref() : undefined

  function ask<Of extends keyof Answers>(of: Of, events: string, queue: number): Promise<Answers[Of]> {
    if (isClosed) return Promise.reject(new Error('Rides are no longer measured here'))
    return new Promise<Answers[keyof Answers]>((resolve, reject) => {
      const jobs = waiting.get(queue) ?? []
      waiting.set(queue, jobs)
      jobs.push({ task: { of, events }, resolve, reject })
      giveWork()
      // The thread answers what it was asked for.
    }) as Promise<Answers[Of]>
  }

  return {
    measure: (events, queue = 0) => ask('measured', events, queue),
    async excluded(readEvents) {
      if (askedForExcluded >= mostExcluded) return 'too many'
      askedForExcluded++
      try {
        return await ask('excluded', await readEvents(), queueOfExcluded)
      } finally {
        askedForExcluded--
      }
    },
    async close() {
      isClosed = true
      clearTimeout(beginning)
      for (const { reject } of [...waiting.values()].flat())
        reject(new Error('Rides are no longer measured here'))
      waiting.clear()
      await Promise.all([...threads].map(({ worker }) => worker.terminate()))
    },
  }
}

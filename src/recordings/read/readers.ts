/**
 * Files that were uploaded, read in threads of their own (worker.ts) so that nothing else waits. Few at a time:
 *
 *   enter ─┬─► place ─ read ─► waits for a thread ─► reading ─┬─ read ────► hands out pieces ─► left
 *          │                                                  └─ refused, too long, too much ─► left
 *          └─ full: undefined
 */

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Step } from '#recordings/plan.ts'
import { clockAheadMs } from '#ride/ride.ts'
import type { FileSummary, WorkerInput, WorkerOutput } from './worker.ts'

export interface Readers {
  /** Taken before the file is received, so that no more files are held in memory than there are places. */
  enter(): Place | undefined
  /** Ends all threads; who waits for one learns that it is closed. */
  close(): Promise<void>
}

/** Leave it when done: that ends its thread. */
export interface Place {
  /** Takes the bytes over: they are not to be used any more. Once a place. */
  read(body: Uint8Array, contentType: string): Promise<FileReading>
  leave(): Promise<void>
}

export type FileReading =
  | { readonly outcome: 'read'; readonly file: ReadFile }
  /** `reason` says what is wrong with the file and what to do about it. */
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'closed' }

export interface ReadFile extends FileSummary {
  /** Undefined where it was closed meanwhile. */
  piece(index: number): Promise<readonly Step[] | undefined>
}

export interface ReadersOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly timeLimitMs?: number
  readonly heapMegabytes?: number
}

/** With two threads one core is left to the service on a small machine when one file is read. */
const mostThreads = 2
const mostPlaces = 10
/** On two cores 200,000 points take 1 s (FIT 3 s), and the worst that was thought of in 64 MiB 7 s. */
const ordinaryTimeLimitMs = 60_000
/** 200,000 points take less than 100 MB as GPX or TCX, and 400 MB as FIT, whose library keeps each field's bytes. */
const ordinaryHeapMegabytes = 512

export function openReaders(options: ReadersOptions): Readers {
  const { now, timeLimitMs = ordinaryTimeLimitMs, heapMegabytes = ordinaryHeapMegabytes } = options
  const closing = new AbortController()
  const { signal } = closing
  const waiting: (() => void)[] = []
  const threads = new Set<Worker>()
  let places = 0
  let busy = 0

  async function takeThread(): Promise<void> {
    if (busy < mostThreads) busy++
    else await new Promise<void>((resolve) => waiting.push(resolve))
  }

  function giveThread(): void {
    const next = waiting.shift()
    if (next === undefined) busy--
    else next()
  }

  function start(body: Uint8Array, contentType: string): Worker {
    // Only memory of its own can be handed over.
    const own = body.byteLength === body.buffer.byteLength ? body : Uint8Array.from(body)
    const workerData: WorkerInput = { body: own, contentType, latestAt: now() + clockAheadMs }
    const thread = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData,
      transferList: own.buffer instanceof ArrayBuffer ? [own.buffer] : [],
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
    })
    threads.add(thread)
    // What fails is heard by whoever waits for an answer; between two answers nobody does.
    thread.on('error', () => undefined)
    return thread
  }

  function enter(): Place | undefined {
    if (places === mostPlaces || signal.aborted) return undefined
    places++
    let thread: Worker | undefined

    async function read(body: Uint8Array, contentType: string): Promise<FileReading> {
      await takeThread()
      if (signal.aborted) {
        giveThread()
        return { outcome: 'closed' }
      }
      try {
        thread = start(body, contentType)
      } catch (error) {
        giveThread()
        throw error
      }
      const answer = await answerOf(thread, AbortSignal.any([signal, AbortSignal.timeout(timeLimitMs)]))
      if (typeof answer === 'string') return notRead(answer)
      if (answer.kind === 'refused') return { outcome: 'refused', reason: answer.reason }
      if (answer.kind === 'piece') throw new Error('A piece was handed out before it was asked for')
      const { summary } = answer
      const reader = thread
      const ended = new AbortController()
      reader.once('exit', () => ended.abort())
      return { outcome: 'read', file: { ...summary, piece: (index) => pieceOf(reader, ended.signal, index) } }
    }

    async function pieceOf(reader: Worker, ended: AbortSignal, index: number) {
      const answering = answerOf(reader, AbortSignal.any([signal, ended]))
      reader.postMessage(index)
      const answer = await answering
      return typeof answer === 'object' && answer.kind === 'piece' ? answer.steps : undefined
    }

    async function leave(): Promise<void> {
      places--
      if (thread === undefined) return
      threads.delete(thread)
      await thread.terminate()
      giveThread()
    }

    return { read, leave }
  }

  function notRead(why: 'aborted' | 'out of memory'): FileReading {
    if (why === 'out of memory') {
      return { outcome: 'refused', reason: 'The file takes more memory to read than any recorded ride does.' }
    }
    if (signal.aborted) return { outcome: 'closed' }
    const reason = `The file takes longer than ${timeLimitMs / 1_000} s to read, as no recorded ride does.`
    return { outcome: 'refused', reason }
  }

  return {
    enter,
    async close() {
      closing.abort()
      for (const resolve of waiting.splice(0)) resolve()
      await Promise.all([...threads].map((thread) => thread.terminate()))
    },
  }
}

/** The next thing that a thread says. Rejects where it fails by itself. */
async function answerOf(
  thread: Worker,
  signal: AbortSignal,
): Promise<WorkerOutput | 'aborted' | 'out of memory'> {
  try {
    const [output] = await once(thread, 'message', { signal })
    return output as WorkerOutput
  } catch (error) {
    if (signal.aborted) return 'aborted'
    if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
      return 'out of memory'
    }
    throw error
  }
}

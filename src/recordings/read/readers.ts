/**
 * Files that were uploaded, read in threads of their own (worker.ts) so that nothing else waits. Few at a time:
 *
 *   enter ─┬─► place ─ read ─► waits for a thread ─► reading ─┬─ read: pieces of the plan ─────► left
 *          │                                                  └─ refused, too long, too much ─► left
 *          └─ full: undefined
 *
 * The thread is for the next file as soon as this one is read: the log may take its time with the pieces. They are small
 * (piece.ts), and of as many files as there are places.
 */

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Step } from '#recordings/plan.ts'
import { clockAheadMs } from '#ride/ride.ts'
import { decodePiece } from './piece.ts'
import type { FileSummary, WorkerInput, WorkerOutput } from './worker.ts'

export interface Readers {
  /** Taken before the file is received, so that no more files are held in memory than there are places. */
  enter(): Place | undefined
  /** Ends all threads; who waits for one learns that it is closed. */
  close(): Promise<void>
}

/** Leave it when done. */
export interface Place {
  /** Takes the bytes over: they are not to be used any more. Once a place. */
  read(body: Uint8Array, contentType: string): Promise<FileReading>
  leave(): void
}

export type FileReading =
  | { readonly outcome: 'read'; readonly file: ReadFile }
  /** `reason` says what is wrong with the file and what to do about it. */
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'closed' }

export interface ReadFile extends FileSummary {
  readonly pieces: number
  /** Undefined where it was closed meanwhile. */
  piece(index: number): readonly Step[] | undefined
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
    // What fails is heard by whoever waits for the answer; behind it nobody does.
    thread.on('error', () => undefined)
    return thread
  }

  async function read(body: Uint8Array, contentType: string): Promise<FileReading> {
    await takeThread()
    try {
      return signal.aborted ? { outcome: 'closed' } : await readBy(start(body, contentType))
    } finally {
      giveThread()
    }
  }

  async function readBy(thread: Worker): Promise<FileReading> {
    try {
      const answer = await answerOf(thread, AbortSignal.any([signal, AbortSignal.timeout(timeLimitMs)]))
      if (typeof answer === 'string') return notRead(answer)
      if (answer.kind === 'refused') return { outcome: 'refused', reason: answer.reason }
      const { summary, pieces } = answer
      const piece = (index: number) => (signal.aborted ? undefined : decodePiece(pieces[index]!))
      return { outcome: 'read', file: { ...summary, pieces: pieces.length, piece } }
    } finally {
      threads.delete(thread)
      await thread.terminate()
    }
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
    enter() {
      if (places === mostPlaces || signal.aborted) return undefined
      places++
      return { read, leave: () => void places-- }
    },
    async close() {
      closing.abort()
      for (const resolve of waiting.splice(0)) resolve()
      await Promise.all([...threads].map((thread) => thread.terminate()))
    },
  }
}

/** What a thread says. Rejects where it fails by itself. */
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

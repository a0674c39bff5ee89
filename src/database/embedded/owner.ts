/**
 * Runs the embedded database's thread for the process that holds the directory's lock, and tells its end by
 * request from its end by fault.
 */
import { Worker } from 'node:worker_threads'
import type { WorkerInput, WorkerOutput } from './worker.ts'

export interface Owner {
  /** Resolves with the reason when the thread has ended unasked. */
  readonly failed: Promise<Error>
  close(): Promise<void>
}

/**
 * PostgreSQL guards its stack at 2 MB of its own counting, for which V8 needs several times as much: with
 * Node's 4 MB a deep recursion breaks the instance, with this it is an ordinary error (54001).
 */
const stackSizeMb = 32

/** Starts the thread; rejects where the database cannot be opened, and when `signal` aborts it. */
export async function startOwner(input: WorkerInput, signal: AbortSignal | undefined): Promise<Owner> {
  signal?.throwIfAborted()
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: input,
    resourceLimits: { stackSizeMb },
    execArgv: [],
    name: 'embedded-database',
  })
  const ready = Promise.withResolvers<void>()
  const failed = Promise.withResolvers<Error>()
  const exited = Promise.withResolvers<void>()
  let closed = false
  const fail = (reason: Error) => {
    failed.resolve(reason)
    ready.reject(reason)
  }
  worker.on('message', (output: WorkerOutput) => {
    if (output.kind === 'ready') ready.resolve()
    else if (output.kind === 'closed') closed = true
    else fail(new Error(output.reason))
  })
  worker.on('error', (fault) => fail(new Error(`The embedded database has failed: ${fault}`)))
  worker.on('exit', (code) => {
    exited.resolve()
    if (!closed) fail(new Error(`The embedded database's thread has ended unasked, with code ${code}.`))
  })
  const abort = () => {
    ready.reject(signal?.reason)
    void worker.terminate()
  }
  signal?.addEventListener('abort', abort, { once: true })
  try {
    await ready.promise
  } catch (fault) {
    await worker.terminate()
    throw fault
  } finally {
    signal?.removeEventListener('abort', abort)
  }
  return {
    failed: failed.promise,
    close: async () => {
      worker.postMessage('close')
      await exited.promise
    },
  }
}

/**
 * Somebody who behaves: uploads a position and reads his rides, in turn, fifty times a second. He lives on a thread of his own,
 * so that what he waits for is the server and not the attacker.
 */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { quantile } from '../bench/quantile.ts'

export interface Neighbour extends AsyncDisposable {
  /** How he was served since the last time this was asked. */
  served(): Promise<Served>
}

export interface Served {
  readonly answers: number
  /** Of the times between asking and the whole answer. */
  readonly p99Ms: number
  /** What he was told instead of an answer, each once. */
  readonly refusals: readonly string[]
}

/** From the thread, each time it is asked. */
export interface Report {
  readonly times: readonly number[]
  readonly refusals: readonly string[]
}

export async function openNeighbour(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Neighbour> {
  const thread = new Worker(new URL('neighbour-thread.ts', import.meta.url), { workerData: { url, headers } })
  async function served(): Promise<Served> {
    thread.postMessage('report')
    const [{ times, refusals }] = (await once(thread, 'message')) as [Report]
    return { answers: times.length, p99Ms: quantile(times, 0.99), refusals }
  }
  // He has connected, and the code that answers him has run.
  await served()
  return {
    served,
    async [Symbol.asyncDispose]() {
      await thread.terminate()
    },
  }
}

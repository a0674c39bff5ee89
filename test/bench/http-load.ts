/** Load over HTTP: bodies sent in turn over so many connections, each waiting for its answer. */
import autocannon from 'autocannon'
import { credentialsFor } from './credentials.ts'
import type { Figures } from './rounds.ts'

export interface HttpLoad {
  readonly url: string
  readonly bodies: readonly unknown[]
  readonly connections: number
  readonly seconds: number
  /** An answer without this text counts as failed. */
  readonly expect: string
}

/** Before anything is counted: connections, compiled code, plans. */
const warmUpSeconds = 2

/**
 * `perSecond`, `p50` and `p99` in milliseconds, and how many were `answered` with the warm-up. Throws where an answer is not
 * what it should be.
 */
export async function load({ url, bodies, connections, seconds, expect }: HttpLoad): Promise<Figures> {
  const { origin, pathname } = new URL(url)
  let refused = 0
  let refusal = ''
  const requests = bodies.map((body) => ({
    method: 'POST' as const,
    path: pathname,
    headers: { 'content-type': 'application/json', ...credentialsFor(url) },
    body: JSON.stringify(body),
    onResponse(_status: number, answer: string) {
      if (answer.includes(expect)) return
      refused++
      refusal = answer
    },
  }))
  const run = (duration: number) => autocannon({ url: origin, connections, duration, requests })
  const { requests: before } = await run(warmUpSeconds)
  refused = 0
  const result = await run(seconds)
  const failed = result.errors + result.non2xx + refused
  if (failed > 0) throw new Error(`${failed} requests to ${url} failed: ${refusal.slice(0, 300)}`)
  return {
    perSecond: result.requests.total / result.duration,
    answered: before.total + result.requests.total,
    p50: result.latency.p50,
    p99: result.latency.p99,
  }
}

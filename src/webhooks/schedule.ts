/** When a message is sent again, and when its endpoint is given up. */
import { backoffMs } from '#database/backoff.ts'
import type { DisabledReason } from './endpoint.ts'
import type { SendOutcome } from './send.ts'

/** 5 s, 10 s, 20 s … 12 h: with what chance takes off, some three days for all of them. */
const waits = { firstMs: 5_000, longestMs: 12 * 3_600_000 }
const mostRetries = 20
/** Longer than one message is tried: the failure is the endpoint's, and nobody has looked after it for days. */
const disableAfterMs = 5 * 24 * 3_600_000
/** The receiver's word that it will not be back. */
const gone = 410

/** How long to wait after so many failures; undefined when it is enough. A ping is for whoever waits to see it. */
export function retryInMs(
  failures: number,
  type: string,
  random: () => number = Math.random,
): number | undefined {
  if (type === 'ping' || failures > mostRetries) return undefined
  return backoffMs(failures, waits, random)
}

/** Why nothing more is sent to an endpoint after a failure; times in milliseconds since 1970. */
export function whyDisable(
  { status }: Pick<SendOutcome, 'status'>,
  failingSince: number,
  now: number,
): Exclude<DisabledReason, 'RIDER'> | undefined {
  if (status === gone) return 'GONE'
  return now - failingSince >= disableAfterMs ? 'FAILING' : undefined
}

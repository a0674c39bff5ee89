/** What holds for every request, whatever road it comes: how much, from where, and what is said with each answer. */
import { securityHeaders } from '#server/headers.ts'
import { type Cors, openCors } from './cors.ts'
import { type Counts, openCounts } from './counts.ts'
import { type Deadline, openDeadline } from './deadline.ts'
import { openRates, type Rates } from './rates.ts'
import { type LimitSettings, usualLimits } from './settings.ts'

export interface Policy {
  readonly limits: LimitSettings
  readonly rates: Rates
  readonly deadline: Deadline
  /** Of those who are counted: see `countedKey`. */
  readonly subscriptions: Counts
  readonly sockets: Counts
  readonly cors: Cors
  /** Whether pages of this origin are ours, or may do as if they were. */
  isTrusted(origin: string): boolean
  /** Of each answer that says nothing else. */
  readonly headers: Readonly<Record<string, string>>
  /** Something is refused, by its code. */
  onRefusal(code: string): void
}

export interface PolicyOptions {
  readonly limits?: LimitSettings
  /** The origin that browsers see; undefined: the one that each asks for. */
  readonly publicUrl?: string | undefined
  /** Milliseconds of a clock that is never set back. */
  readonly now?: () => number
  readonly onRefusal?: ((code: string) => void) | undefined
}

export function openPolicy({
  limits = usualLimits,
  publicUrl,
  now,
  onRefusal = () => undefined,
}: PolicyOptions = {}): Policy {
  const cors = openCors(limits.corsOrigins)
  return {
    limits,
    rates: openRates(limits, now),
    deadline: openDeadline(limits.executionMs),
    subscriptions: openCounts(limits.subscriptions),
    sockets: openCounts(limits.sockets),
    cors,
    isTrusted: (origin) => origin === publicUrl || cors.isListed(origin),
    headers: securityHeaders({ isSecure: publicUrl?.startsWith('https:') ?? false }),
    onRefusal,
  }
}

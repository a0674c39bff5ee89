/**
 * Takes deleted rides' events their content, soon after their deletion, and has the tables vacuumed a while
 * after that: until then what was deleted is still in their pages.
 */
import type { ConnectionPool } from '@databases/pg'
import { isAway } from '#database/faults.ts'
import { createHint } from '#log/hint.ts'
import { redactAll } from '#log/redact.ts'

export interface Redactor {
  /** There may be rides that were deleted. */
  wake(): void
  /** Runs until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>
}

export interface RedactorOptions {
  readonly database: ConnectionPool
  readonly onFault: (error: unknown) => void
  readonly vacuum?: (signal: AbortSignal) => Promise<void>
  readonly vacuumAfterMs?: number
}

const pollMs = 2_000
/** What cannot be redacted for the same reason is told so often, not with every attempt. */
const toldEveryMs = 600_000
/** How long after the first redaction since the last time: one VACUUM does for all that came in between. */
const ordinaryVacuumAfterMs = 600_000

export function createRedactor(options: RedactorOptions): Redactor {
  const { database, onFault, vacuum, vacuumAfterMs = ordinaryVacuumAfterMs } = options
  const hint = createHint()
  let tellAgainAt = Number.NEGATIVE_INFINITY
  // The last process may have ended before it got to it.
  let vacuumAt = performance.now() + vacuumAfterMs

  function tell(error: unknown): void {
    if (isAway(error) || performance.now() < tellAgainAt) return
    onFault(error)
    tellAgainAt = performance.now() + toldEveryMs
  }

  return {
    wake: () => hint.give(),
    async run(signal) {
      while (!signal.aborted) {
        try {
          const redacted = await redactAll(database, { signal, onFault: tell })
          const now = performance.now()
          if (redacted > 0) vacuumAt = Math.min(vacuumAt, now + vacuumAfterMs)
          if (now >= vacuumAt) {
            vacuumAt = now + vacuumAfterMs
            await vacuum?.(signal)
            vacuumAt = Number.POSITIVE_INFINITY
          }
        } catch (error) {
          if (!signal.aborted) tell(error)
        }
        await hint.wait(pollMs, signal)
      }
    },
  }
}

/** Takes deleted rides' events their content, soon after their deletion. */
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
}

const pollMs = 2_000
/** What cannot be redacted for the same reason is told so often, not with every attempt. */
const toldEveryMs = 600_000

export function createRedactor({ database, onFault }: RedactorOptions): Redactor {
  const hint = createHint()
  let tellAgainAt = Number.NEGATIVE_INFINITY

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
          await redactAll(database, { signal, onFault: tell })
        } catch (error) {
          tell(error)
        }
        await hint.wait(pollMs, signal)
      }
    },
  }
}

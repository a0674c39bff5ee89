/** Takes deleted rides' events their content, soon after their deletion. */
import type { ConnectionPool } from '@databases/pg'
import { isUnavailable } from '#database/faults.ts'
import { createHint } from '#log/hint.ts'
import { redactStream, streamsToRedact } from '#log/redact.ts'

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
const batchSize = 100

export function createRedactor({ database, onFault }: RedactorOptions): Redactor {
  const hint = createHint()

  /** A transaction a ride; how many there were. */
  async function redactSome(signal: AbortSignal): Promise<number> {
    const streams = await streamsToRedact(database, batchSize)
    for (const stream of streams) {
      if (signal.aborted) break
      await redactStream(database, stream)
    }
    return streams.length
  }

  return {
    wake: () => hint.give(),
    async run(signal) {
      while (!signal.aborted) {
        try {
          if ((await redactSome(signal)) > 0) continue
        } catch (error) {
          if (!isUnavailable(error)) onFault(error)
        }
        await hint.wait(pollMs, signal)
      }
    },
  }
}

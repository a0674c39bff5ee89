/** What is said of a fault: enough to find it, nothing of what a rider sent. */
import { pino } from 'pino'
import { sqlState } from '#database/faults.ts'

export type FaultLog = (what: string, error?: unknown) => void

/** JSON lines, or readable ones on a terminal. */
export function createFaultLog({ readable }: { readable: boolean }): FaultLog {
  const logger = readable
    ? pino({
        base: null,
        transport: { target: 'pino-pretty', options: { destination: 2, ignore: 'pid,hostname' } },
      })
    : pino({ base: null }, pino.destination(2))
  return (what, error) => {
    if (error === undefined) logger.warn(what)
    else logger.error(describe(error), what)
  }
}

/** PostgreSQL's messages and details quote values, which may be places or texts of riders: its code is said instead. */
function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { fault: typeof error }
  const state = sqlState(error)
  const where = error.stack
    ?.split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 8)
    .map((line) => line.trim())
  if (state === undefined) return { fault: error.name, message: error.message, where }
  const { routine, constraint, table } = error as { routine?: unknown; constraint?: unknown; table?: unknown }
  return { fault: 'SQL', state, routine, constraint, table, where }
}

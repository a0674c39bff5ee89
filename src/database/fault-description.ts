/** What may be said of a fault where others read it: enough to find it, nothing of what a rider sent. */
import { sqlState } from './faults.ts'

export type FaultDescription = Readonly<Record<string, unknown>>

/** PostgreSQL's messages and details quote values, which may be places or texts of riders: its code is said instead. */
export function describeFault(error: unknown): FaultDescription {
  if (!(error instanceof Error)) return { fault: typeof error }
  const state = sqlState(error)
  const where = error.stack
    ?.split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 8)
    .map((line) => line.trim())
  // What cannot be parsed is quoted by whoever tried.
  if (error instanceof SyntaxError) return { fault: error.name, where }
  if (state === undefined) return { fault: error.name, message: error.message, where }
  const { routine, constraint, table } = error as { routine?: unknown; constraint?: unknown; table?: unknown }
  return { fault: 'SQL', state, routine, constraint, table, where }
}

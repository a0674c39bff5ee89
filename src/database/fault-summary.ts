/** A fault in one line, for a person. */
import type { FaultDescription } from './fault-description.ts'

/** Longer messages are cut: the line stays one. */
const longest = 200

/** Holds no values, as the description does not: `TypeError: …`, or `SQL 23502, table rides_1`. */
export function summaryOf({ fault, message, state, table, constraint }: FaultDescription): string {
  if (state !== undefined) {
    const where = table === undefined ? '' : `, table ${String(table)}`
    return `SQL ${String(state)}${where}${constraint === undefined ? '' : `, constraint ${String(constraint)}`}`
  }
  const line = (message === undefined ? String(fault) : `${String(fault)}: ${String(message)}`).replace(
    /\s+/g,
    ' ',
  )
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line
}

/** Where in the code it came about, the innermost first. */
export function whereOf({ where }: FaultDescription): readonly string[] {
  return Array.isArray(where) ? where.map(String) : []
}

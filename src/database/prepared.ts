/** Statements that a connection prepares once, and then only binds and executes. */
import type { SQLQuery } from '@databases/pg'

/**
 * The same statement, prepared under this name by each connection that it is sent over: its text may not change from one
 * time to the next, only its values. @databases/pg hands what a query formats to straight to pg, which knows names.
 */
export function prepared(name: string, query: SQLQuery): SQLQuery {
  const format = query.format.bind(query) as (how: unknown) => unknown
  // It is asked for other forms as well, such as whether it has values.
  return Object.assign(query, {
    format(how: unknown) {
      const formatted = format(how)
      return isStatement(formatted) ? { name, ...formatted } : formatted
    },
  })
}

function isStatement(formatted: unknown): formatted is { text: string; values: unknown[] } {
  return typeof formatted === 'object' && formatted !== null && 'text' in formatted
}

/** Which faults mean that the database cannot be reached, and which that something is wrong with what was asked. */

/** Classes of SQLSTATE: connection exception, insufficient resources, operator intervention, system error. */
const unavailableClasses = new Set(['08', '53', '57', '58'])
/** The server ended the session: an idle transaction, a read-only replica after a failover. */
const unavailableCodes = new Set(['25P03', '25006'])
/** What the drivers say, without a code, of a connection that is gone, cannot be had or does not answer. */
const connectionGone =
  /connection (terminated|ended|closed|error|was closed)|not queryable|time(d|out).*(connect|connection)|^timeout expired$|^query read timeout$/i
/** The system's own names of errors: ECONNREFUSED, ETIMEDOUT. Of a host with several addresses they have no `syscall`. */
const systemCode = /^E(?!RR_)[A-Z]+$/

/** Nothing was sent, or no answer was waited for any longer: the database is away or silent. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable'
}

/** True where nothing is wrong with the statement: sent again when the database is back, it may succeed. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseUnavailable) return true
  if (!(error instanceof Error)) return false
  const state = sqlState(error)
  if (state !== undefined) return unavailableClasses.has(state.slice(0, 2)) || unavailableCodes.has(state)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return 'syscall' in error || systemCode.test(code) || connectionGone.test(error.message)
}

/** The five characters PostgreSQL names an error by, or undefined where the error is not the server's. */
export function sqlState(error: Error): string | undefined {
  const code = 'code' in error ? error.code : undefined
  // No class of SQLSTATE begins with E; the system's own errors do (EPIPE).
  return typeof code === 'string' && /^[0-9A-DF-Z][0-9A-Z]{4}$/.test(code) ? code : undefined
}

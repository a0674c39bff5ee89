/** Which faults mean that the database cannot be reached, and which that a statement is wrong. */

/** Classes of SQLSTATE: connection exception, insufficient resources, operator intervention, system error. */
const unavailableClasses = new Set(['08', '53', '57', '58'])
/** The server ended the session: an idle transaction, a read-only replica after a failover. */
const unavailableCodes = new Set(['25P03', '25006'])

/** True where nothing is wrong with the statement: sent again when the database is back, it may succeed. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = sqlState(error)
  if (code === undefined) return true
  return unavailableClasses.has(code.slice(0, 2)) || unavailableCodes.has(code)
}

/** The five characters PostgreSQL names an error by, or undefined where the error is not the server's. */
export function sqlState(error: Error): string | undefined {
  const code = 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E') ? code : undefined
}

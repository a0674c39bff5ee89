/**
 * Which faults mean that the database is away (`isAway`), and which that nothing is wrong with what was asked
 * (`isUnavailable`). Between the two lies what the server could not do this once: it is there, and others are served.
 */

/** Connection exception; operator intervention: shutting down, starting up. */
const awayClasses = new Set(['08', '57'])
/** A standby since a failover, which cannot write; no slot for one more connection. */
const awayCodes = new Set(['25006', '53300'])
/**
 * The server ended this statement or transaction alone: cancelled or too slow, out of memory, a transaction that did nothing
 * for too long, or that took too long.
 */
const tooMuchCodes = new Set(['57014', '53200', '25P03', '25P04'])
/** Insufficient resources: its disk is full. */
const exhaustedClass = '53'
/** What the drivers say, without a code, of a connection that is gone, cannot be had or does not answer. */
const connectionGone =
  /connection (terminated|ended|closed|error|was closed)|not queryable|time(d|out).*(connect|connection)|^timeout expired$|^query read timeout$/i
/** The system's own names of errors: ECONNREFUSED, ETIMEDOUT. Of a host with several addresses they have no `syscall`. */
const systemCode = /^E(?!RR_)[A-Z]+$/

/** Nothing was sent, or no answer was waited for any longer: the database is away or silent. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable'
}

/**
 * True where the database is not to be reached, or takes no writes. Whoever asks whether to send it anything more, or whether
 * what failed was said already by whoever looks for it, asks this.
 */
export function isAway(error: unknown): boolean {
  if (error instanceof DatabaseUnavailable) return true
  if (!(error instanceof Error)) return false
  const state = sqlState(error)
  if (state !== undefined) {
    return !tooMuchCodes.has(state) && (awayClasses.has(state.slice(0, 2)) || awayCodes.has(state))
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return 'syscall' in error || systemCode.test(code) || connectionGone.test(error.message)
}

/**
 * True where the server gave up this statement or transaction for what it took, and nothing else. Sent again it may succeed;
 * where the same fails every time it is to blame itself.
 */
export function isTooMuch(error: unknown): boolean {
  return error instanceof Error && tooMuchCodes.has(sqlState(error) ?? '')
}

/** True where it may succeed when it is sent again, to be answered with that: the database is away, or could not do it now. */
export function isUnavailable(error: unknown): boolean {
  if (isAway(error) || isTooMuch(error)) return true
  return error instanceof Error && sqlState(error)?.startsWith(exhaustedClass) === true
}

/** The five characters PostgreSQL names an error by, or undefined where the error is not the server's. */
export function sqlState(error: Error): string | undefined {
  const code = 'code' in error ? error.code : undefined
  // No class of SQLSTATE begins with E; the system's own errors do (EPIPE).
  return typeof code === 'string' && /^[0-9A-DF-Z][0-9A-Z]{4}$/.test(code) ? code : undefined
}

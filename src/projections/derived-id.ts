/**
 * Ids of the system's own commands: made anew by whoever does the same thing again, so that it is done once.
 * Keyed by the log: a client that could work them out would send a command of its own with such an id, and
 * the system's would be taken for another one with the same id.
 */
import type { Log } from '#log/log.ts'

/** The same UUID (version 8) for the same log, purpose and ride, for ever. */
export function derivedId(log: Pick<Log, 'hash'>, purpose: string, rideId: string): string {
  const hex = log.hash(`${purpose} ${rideId}`)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

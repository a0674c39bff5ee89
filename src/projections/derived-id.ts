/** Ids of the system's own commands: made anew by whoever does the same thing again, so that it is done once. */
import { createHash } from 'node:crypto'

/** The same UUID (version 8) for the same purpose and ride, for ever. */
export function derivedId(purpose: string, rideId: string): string {
  const hex = createHash('sha256').update(`${purpose} ${rideId}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

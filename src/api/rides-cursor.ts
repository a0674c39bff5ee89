/** Cursors of lists of rides: a place in one order. */
import { Buffer } from 'node:buffer'
import { asGraphQLError } from './errors.ts'
import type { RideRow } from './ride-row.ts'
import type { RideOrder } from './rides-found.ts'
import { isUuid } from './uuid.ts'

/** The order that lists are in unless asked has no name: cursors of older versions are places in it. */
const names: Record<RideOrder, string> = {
  STARTED_AT_DESC: '',
  STARTED_AT_ASC: 'asc:',
  DISTANCE_DESC: 'far:',
}

/** By what is shown: others of a ride with privacy zones are given nothing else. */
export function writePlace(order: RideOrder, { startedAt, distance, rideId }: RideRow): string {
  const value = order === 'DISTANCE_DESC' ? distance : startedAt.getTime()
  return Buffer.from(`${names[order]}${value}.${rideId}`).toString('base64url')
}

export interface ReadPlace {
  readonly startedAt: Date
  readonly distance: number
  readonly rideId: string
}

/** Throws where it is none, or a place in another order. */
export function readPlace(order: RideOrder, cursor: string | undefined): ReadPlace | undefined {
  if (cursor === undefined) return undefined
  const text = Buffer.from(cursor, 'base64url').toString()
  const name = names[order]
  const place = text.startsWith(name) ? text.slice(name.length) : ''
  const [, value = '', rideId = ''] = /^(-?[\d.e+-]{1,30})\.([0-9a-f-]{36})$/.exec(place) ?? []
  const isValue = order === 'DISTANCE_DESC' ? Number.isFinite(Number(value)) : /^-?\d{1,14}$/.test(value)
  if (value === '' || !isValue || !isUuid(rideId)) {
    throw asGraphQLError(
      'CURSOR_UNKNOWN',
      'This is no cursor of a list of rides in this order. Start again without one.',
    )
  }
  return { startedAt: new Date(Number(value)), distance: Number(value), rideId }
}

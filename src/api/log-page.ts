/** Pages of the whole log: from where one goes on, as clients hold it. */
import { Buffer } from 'node:buffer'
import type { Log } from '#log/log.ts'
import type { Places } from '#log/newest.ts'
import { asGraphQLError } from './errors.ts'

export const mostOfLogPage = 100

export function checkLogPage(first: number): void {
  if (first >= 1 && first <= mostOfLogPage) return
  throw asGraphQLError('INVALID_INPUT', `'first' is 1 to ${mostOfLogPage}. Ask for fewer.`)
}

export function writePlaces(log: Pick<Log, 'incarnation'>, places: Places): string {
  return Buffer.from(`${log.incarnation.slice(0, 8)}.${places.join('.')}`).toString('base64url')
}

export function readPlaces(log: Pick<Log, 'incarnation' | 'partitions'>, cursor: string): Places {
  const [incarnation, ...places] = Buffer.from(cursor, 'base64url').toString().split('.')
  const isOurs =
    incarnation === log.incarnation.slice(0, 8) &&
    places.length === log.partitions &&
    places.every((place) => /^\d{1,15}$/.test(place))
  if (isOurs) return places.map(Number)
  throw asGraphQLError(
    'CURSOR_UNKNOWN',
    'This is no cursor of this log, or one from before a restore. Start again without one.',
  )
}

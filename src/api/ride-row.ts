/** A ride as the read tables have it, and how it comes out of them. */
import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { ReadTables } from '#projections/tables.ts'
import type { RideStatus, Visibility } from '#ride/events.ts'
import type { Position } from '#ride/position.ts'
import type { RideShare } from '#ride/shares.ts'
import { type RideParts, wholeRide } from './ride-parts.ts'
import {
  detailNumbers,
  type RouteDetails,
  type RouteNumbers,
  type RouteRow,
  routeNumbers,
  routeRowOf,
} from './route-row.ts'

export interface RideRow {
  readonly partition: number
  readonly rideId: string
  readonly riderId: string
  /** Null where the rider is not there (any more). */
  readonly riderName: string | null
  readonly status: RideStatus
  readonly visibility: Visibility
  readonly title: string | null
  readonly description: string | null
  readonly startedAt: Date
  readonly endedAt: Date | null
  readonly finishedAt: Date | null
  readonly version: number
  readonly position: number
  readonly updatedAt: Date
  readonly latest: Position | null
  readonly timeZone: string | null
  readonly distance: number
  readonly movingTime: number
  readonly timerTime: number
  readonly speed: number | null
  /**
   * Others see it by these of the rider's privacy zones, which have changed so often (and may be none); null where the row is its rider's, or
   * everyone's. What else is read of the ride is read for the same audience.
   */
  readonly maskedBy: number | null
  /** How often the rider's zones had changed when the row was made: of everyone's row, too, where none is left. */
  readonly maskVersion: number
  /** Undefined where they were not read with it. */
  readonly shares: readonly RideShare[] | null | undefined
  /** Of a finished ride, where it has one. */
  readonly route: RouteRow | null
}

type Texts =
  | 'rideId'
  | 'riderId'
  | 'riderName'
  | 'status'
  | 'visibility'
  | 'title'
  | 'description'
  | 'timeZone'

/** Its texts, a column each, and its numbers in one. */
interface ReadRide extends Pick<RideRow, Texts> {
  readonly numbers: string
  /** From here on only what was asked for. */
  readonly shares?: readonly RideShare[] | null
  readonly latest?: Position | null
  readonly excluded?: RouteDetails['excluded'] | null
  readonly [thumbnail: `thumbnail_${number}`]: readonly string[] | null
}

/** In the order of `numbersOf`; times in seconds since 1970. `mask` is read by `masksOf`. */
type RideNumbers = readonly [
  partition: number,
  startedAt: number,
  endedAt: number | null,
  finishedAt: number | null,
  version: number,
  position: number,
  updatedAt: number,
  distance: number,
  movingTime: number,
  timerTime: number,
  speed: number | null,
  mask: number,
  ...route: RouteNumbers,
]

const numbersOf = ({ routeDetails }: RideParts) =>
  sql.join([
    sql`r.partition`,
    sql`date_part('epoch', r.started_at), date_part('epoch', r.ended_at), date_part('epoch', r.finished_at)`,
    sql`p.version, p.position, date_part('epoch', p.updated_at)`,
    // What is measured of a finished ride is its route's, where it has one: RideFinished has it as the rule of
    // that day had it, and the statistics, which stand beside it, are made anew by a better one.
    sql`coalesce(f.distance, p.distance), coalesce(f.moving_time, p.moving_time)`,
    sql`coalesce(f.timer_time, p.timer_time), p.speed`,
    sql`case when r.audience = 'others' then r.mask_version else -1 - r.mask_version end`,
    routeNumbers,
    ...(routeDetails ? [detailNumbers] : []),
  ])

/**
 * Of a ride's rows of routes `f` the one for whom the ride's row `r` is: what others see of the way by these zones, which is all of
 * it where there are none, or all of it. (Routes are built by themselves: where a ride is for everyone already, or not any more, the
 * whole of its way is the same row.)
 */
export const isForAudience = sql<boolean>`case when r.audience = 'others'
  then f.audience <> 'rider' and f.mask_version = r.mask_version else f.audience <> 'others' end`

export type RidesQuery = SelectQueryBuilder<ReadTables & { r: ReadTables['rides'] }, 'r', object>

/** Of the rider of `r`. */
export const nameOfRider = nameOf(sql.ref('r.rider_id'))

export function nameOf(riderId: RawBuilder<unknown>): RawBuilder<string | null> {
  return sql`(select u.name from riders u where u.rider_id = ${riderId})`
}

/**
 * Completes a query for rides `r`: all that is shown of each, its numbers as one text. Of a page of 20 rides PostgreSQL takes
 * 0.15 ms for that, 0.19 for one JSON array of all, and 0.15 for columns, which the driver reads in twice the time (PostgreSQL 15,
 * two cores).
 *
 * The offsets keep each a look-up by its key: joined, tables that are small or seem so would be read as a whole.
 */
export function withAllOf(rides: RidesQuery, parts: RideParts = wholeRide, riderName = nameOfRider) {
  return rides
    .innerJoinLateral(
      ({ selectFrom }) =>
        selectFrom('ride_progress as p')
          .selectAll()
          .whereRef('p.partition', '=', 'r.partition')
          .whereRef('p.ride_id', '=', 'r.ride_id')
          .whereRef('p.audience', '=', 'r.audience')
          .offset(sql.lit(0))
          .as('p'),
      (join) => join.onTrue(),
    )
    .leftJoinLateral(
      ({ selectFrom }) =>
        selectFrom('routes as f')
          .selectAll()
          .whereRef('f.partition', '=', 'r.partition')
          .whereRef('f.ride_id', '=', 'r.ride_id')
          .where(isForAudience)
          .where('r.status', '=', sql.lit('FINISHED'))
          .offset(sql.lit(0))
          .as('f'),
      (join) => join.onTrue(),
    )
    .select(riderName.as('riderName'))
    .select([
      'r.ride_id as rideId',
      'r.rider_id as riderId',
      'r.status',
      'r.visibility',
      'r.title',
      'r.description',
      sql`coalesce(f.time_zone, p.time_zone)`.as('timeZone'),
      sql`array_to_string(array[${numbersOf(parts)}]::float8[], ',', 'null')`.as('numbers'),
    ])
    .select(parts.shares ? ['r.shares'] : [])
    .select(parts.latestPosition ? ['p.latest'] : [])
    .select(parts.routeDetails ? ['f.excluded'] : [])
    .select(parts.thumbnails.map((tolerance) => `f.thumbnail_${tolerance}` as const))
    .$castTo<ReadRide>()
}

export function rideRowOf(row: ReadRide, { routeDetails, thumbnails }: RideParts = wholeRide): RideRow {
  const {
    rideId,
    riderId,
    riderName,
    status,
    visibility,
    title,
    description,
    timeZone,
    latest = null,
    shares,
  } = row
  const [
    partition,
    startedAt,
    endedAt,
    finishedAt,
    version,
    position,
    updatedAt,
    distance,
    movingTime,
    timerTime,
    speed,
    mask,
    ...ofRoute
  ] = readNumbers(row.numbers)
  const kept: Record<string, readonly string[] | null> = {}
  for (const tolerance of thumbnails) kept[tolerance] = row[`thumbnail_${tolerance}`] ?? null
  const excluded = routeDetails ? (row.excluded ?? []) : undefined
  return {
    partition,
    rideId,
    riderId,
    riderName,
    status,
    visibility,
    title,
    description,
    startedAt: dateOf(startedAt),
    endedAt: endedAt === null ? null : dateOf(endedAt),
    finishedAt: finishedAt === null ? null : dateOf(finishedAt),
    version,
    position,
    updatedAt: dateOf(updatedAt),
    latest,
    timeZone,
    distance,
    movingTime,
    timerTime,
    speed,
    ...masksOf(mask),
    shares,
    route: routeRowOf({ rideId, distance, movingTime, timerTime }, ofRoute, excluded, kept),
  }
}

/** A number for both: one more of each row of a page would be read for nothing but this. */
function masksOf(mask: number): Pick<RideRow, 'maskedBy' | 'maskVersion'> {
  return mask >= 0 ? { maskedBy: mask, maskVersion: mask } : { maskedBy: null, maskVersion: -1 - mask }
}

/**
 * As JSON they are read in half the time. What is not a finite number, which a row should not have, is none of JSON's, and fails
 * the field that shows it and not the page.
 */
function readNumbers(text: string): RideNumbers {
  try {
    return JSON.parse(`[${text}]`) as RideNumbers
  } catch {
    const numbers = text.split(',').map((each) => (each === 'null' ? null : Number(each)))
    return numbers as readonly (number | null)[] as RideNumbers
  }
}

function dateOf(seconds: number): Date {
  return new Date(Math.round(seconds * 1000))
}

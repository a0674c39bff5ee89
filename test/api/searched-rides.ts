/** Read tables with rides of all kinds, made up at random, and what of them is to be found, worked out by itself. */
import fc from 'fast-check'
import type { RideFilter } from '#api/ride-filter.ts'
import type { RideStatus, Visibility } from '#ride/events.ts'
import { distanceBetween } from '#ride/track/geodesy.ts'
import { statement } from '../support/statement.ts'

export const riders = {
  viewer: '00000000-0000-4000-8000-000000000001',
  /** Has privacy zones, and changed them once. */
  zoned: '00000000-0000-4000-8000-0000000000a1',
  other: '00000000-0000-4000-8000-0000000000b2',
} as const

/** As one audience sees it. */
export interface Seen {
  readonly startedAt: number
  /** Of whole hours, as PostgreSQL, Node and everybody has it. */
  readonly timeZone: string | null
  readonly distance: number
  /** A straight line, degrees; null where there is none (yet). */
  readonly line: readonly [west: number, south: number, east: number, north: number] | null
}

export interface MadeRide {
  readonly rideId: string
  readonly riderId: string
  readonly status: RideStatus
  readonly visibility: Visibility
  readonly title: string
  readonly own: Seen
  /** Null where nobody else sees it: masked by zones that are not the newest, or all of it hidden. */
  readonly others: Seen | null
  readonly isMasked: boolean
  readonly isDeleted: boolean
}

const words = [
  'Morning',
  'Évening',
  'commute',
  'hill',
  'Saint-Martin',
  'Zürich',
  'Москва',
  'gravel',
  'col',
  'colline',
]

const seen: fc.Arbitrary<Seen> = fc.record({
  startedAt: fc.integer({ min: 0, max: 400 }).map((hour) => Date.UTC(2026, 0, 1) + hour * 3_600_000),
  timeZone: fc.constantFrom(null, 'Etc/GMT-14', 'Etc/GMT+11', 'Etc/GMT-1'),
  distance: fc.integer({ min: 0, max: 400 }).map((hundreds) => hundreds * 100),
  // Some lie about the antimeridian.
  line: fc
    .tuple(
      fc.integer({ min: 0, max: 99 }),
      fc.integer({ min: 0, max: 99 }),
      fc.integer({ min: -9, max: 9 }),
      fc.integer({ min: -9, max: 9 }),
      fc.boolean(),
    )
    .map(([x, y, dx, dy, isFar]) => {
      const from = isFar ? (x < 50 ? 179 + x / 100 : -180 + (x - 50) / 100) : 8 + x / 100
      const west = Math.max(-180, Math.min(180, from + dx / 1000))
      return [west, 46 + y / 100, from, 46 + y / 100 + dy / 1000] as const
    }),
})

const made = fc.record({
  riderId: fc.constantFrom(riders.viewer, riders.viewer, riders.zoned, riders.other, riders.other),
  status: fc.constantFrom(
    'FINISHED',
    'FINISHED',
    'FINISHED',
    'FINISHED',
    'ENDED',
    'ACTIVE',
    'PAUSED',
  ) as fc.Arbitrary<RideStatus>,
  visibility: fc.constantFrom('PUBLIC', 'PUBLIC', 'PRIVATE', 'UNLISTED') as fc.Arbitrary<Visibility>,
  title: fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 3 }).map((parts) => parts.join(' ')),
  own: seen,
  others: seen,
  hidden: fc.constantFrom('no', 'no', 'no', 'stale', 'all'),
  isDeleted: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
})

export function makeRides(count: number, seed: number): MadeRide[] {
  return fc.sample(made, { numRuns: count, seed }).map(({ hidden, others, ...ride }, index) => {
    const isMasked = ride.riderId === riders.zoned
    return {
      ...ride,
      rideId: `00000000-0000-4000-9000-${(index * 7919 + 1).toString(16).padStart(12, '0')}`,
      isMasked,
      others: !isMasked ? ride.own : hidden === 'no' ? others : null,
    }
  })
}

export async function fillSearched(url: string, rides: readonly MadeRide[]): Promise<void> {
  const rows = rides.flatMap((ride) => {
    const { own, others, isMasked, ...rest } = ride
    if (!isMasked) return [{ ...rest, ...own, audience: 'everyone', mask: 0 }]
    // What is not masked anew is there, and not to be found.
    const theirs = others ?? { ...own, startedAt: own.startedAt + 1000 }
    return [
      { ...rest, ...own, audience: 'rider', mask: others === null ? 1 : 2 },
      { ...rest, ...theirs, audience: 'others', mask: others === null ? 1 : 2 },
    ]
  })
  const json = JSON.stringify(rows).replaceAll("'", "''")
  await statement(
    url,
    `truncate rides_1, ride_progress_1, routes_1, streams;
     insert into riders (rider_id, name, mask_version) values ('${riders.zoned}', 'Zoned', 2), ('${riders.other}', 'Other', 0)
       on conflict (rider_id) do nothing;
     create temporary table filling on commit drop as
       select *, to_timestamp("startedAt" / 1000.0) as started_at from json_to_recordset('${json}') as t (
         "rideId" uuid, "riderId" uuid, status text, visibility text, title text, audience text, mask integer,
         "isDeleted" boolean, "startedAt" float8, "timeZone" text, distance float8, line float8[]);
     insert into rides_1 (partition, ride_id, rider_id, status, visibility, title, started_at, audience, mask_version)
       select 0, "rideId", "riderId", status, visibility, title, started_at, audience, mask from filling;
     insert into ride_progress_1 (partition, ride_id, version, position, updated_at, distance, moving_time, timer_time, time_zone, audience)
       select 0, "rideId", 1, 1, started_at, case when status = 'FINISHED' then 1e8 else distance end, 0, 0,
              case when status = 'FINISHED' then null else "timeZone" end, audience from filling;
     insert into routes_1 (partition, ride_id, excluded, distance, elapsed_time, timer_time, moving_time, max_speed,
                           audience, mask_version, rider_id, visibility, started_on, route)
       select 0, "rideId", '[]', distance, 0, 0, 0, 0, audience, mask, "riderId", visibility, (started_at at time zone coalesce("timeZone", 'UTC'))::date,
              ST_Multi(ST_SetSRID(ST_MakeLine(ST_MakePoint(line[1], line[2], 0, 0), ST_MakePoint(line[3], line[4], 0, 0)), 4326))
         from filling where status = 'FINISHED';
     insert into streams (partition, stream_id, version, type, deleted, state)
       select 0, "rideId", 1, 'ride', "isDeleted", '{}' from filling where audience <> 'others'`,
  )
}

/** As the viewer sees it; undefined where it is not listed for him. */
export function listed(ride: MadeRide): Seen | undefined {
  if (ride.isDeleted) return undefined
  if (ride.riderId === riders.viewer) return ride.own
  return ride.visibility === 'PUBLIC' ? (ride.others ?? undefined) : undefined
}

/** Undefined where a rounding might decide. */
export function isFound(ride: MadeRide, shown: Seen, filter: RideFilter): boolean | undefined {
  const { riderId, status, startedAfter, startedBefore, minDistance, maxDistance, within, near } = filter
  const { firstDay, lastDay } = filter
  const isPlain =
    (riderId === undefined || ride.riderId === riderId) &&
    (status === undefined || status.includes(ride.status)) &&
    (startedAfter === undefined || shown.startedAt >= startedAfter.getTime()) &&
    (startedBefore === undefined || shown.startedAt < startedBefore.getTime()) &&
    (firstDay === undefined || dayOf(shown) >= firstDay) &&
    (lastDay === undefined || dayOf(shown) <= lastDay) &&
    (minDistance === undefined || shown.distance >= minDistance) &&
    (maxDistance === undefined || shown.distance <= maxDistance) &&
    hasWords(ride.title, filter)
  if (!isPlain) return false
  const line = ride.status === 'FINISHED' ? shown.line : null
  const answers = [
    ...(within === undefined ? [] : [line !== null && crosses(line, within)]),
    ...(near === undefined ? [] : [line === null ? false : passes(line, near)]),
  ]
  if (answers.includes(false)) return false
  return answers.includes(undefined) ? undefined : true
}

function dayOf({ startedAt, timeZone }: Seen): string {
  const hoursAhead = -Number(timeZone?.slice('Etc/GMT'.length) ?? 0)
  return new Date(startedAt + hoursAhead * 3_600_000).toISOString().slice(0, 10)
}

function plain(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
}

function hasWords(title: string, { words = [] }: RideFilter): boolean {
  const of = plain(title).split(/[ -]/)
  return words.every(({ isPhrase, isExcluded, text }) => {
    const wanted = plain(text).split(' ')
    const has = isPhrase
      ? of.some((_, index) => wanted.every((word, offset) => of[index + offset] === word))
      : wanted.every((word) => of.some((each) => each.startsWith(word)))
    return has !== isExcluded
  })
}

type Line = NonNullable<Seen['line']>

function pointsOf([fromX, fromY, toX, toY]: Line) {
  return Array.from({ length: 201 }, (_, step) => ({
    longitude: fromX + ((toX - fromX) * step) / 200,
    latitude: fromY + ((toY - fromY) * step) / 200,
  }))
}

function crosses(
  line: Line,
  { west, south, east, north }: NonNullable<RideFilter['within']>,
): boolean | undefined {
  const margin = 1e-4
  const isIn = (by: number) =>
    pointsOf(line).some(({ longitude, latitude }) => {
      const between =
        west <= east
          ? longitude >= west - by && longitude <= east + by
          : longitude >= west - by || longitude <= east + by
      return between && latitude >= south - by && latitude <= north + by
    })
  return isIn(-margin) ? true : isIn(margin) ? undefined : false
}

function passes(line: Line, { radius, ...place }: NonNullable<RideFilter['near']>): boolean | undefined {
  const nearest = Math.min(...pointsOf(line).map((point) => distanceBetween(point, place)))
  if (Math.abs(nearest - radius) < 10 + radius / 1000) return undefined
  return nearest < radius
}

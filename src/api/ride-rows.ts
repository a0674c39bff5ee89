/** The queries behind the type Ride, and who may see which. */
import { type ExpressionBuilder, type Kysely, sql } from 'kysely'
import type { ReadTables } from '#projections/tables.ts'
import type { RideStatus, Visibility } from '#ride/events.ts'
import type { Position } from '#ride/position.ts'
import type { Viewer } from './context.ts'
import { type Gone, withoutGone } from './gone.ts'

export interface RideRow {
  readonly partition: number
  readonly rideId: string
  readonly riderId: string
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
}

/**
 * Without those that are deleted and that the read tables, which follow the log, have not let go of yet. What
 * is measured of a finished ride is its route's, where it has one: RideFinished has it as the rule of that
 * day had it, and the statistics, which stand beside it, are made anew by a better one.
 */
export function selectRides(read: Kysely<ReadTables>) {
  return read
    .selectFrom('rides as r')
    .where(isKept)
    .innerJoin('ride_progress as p', (join) =>
      join.onRef('p.partition', '=', 'r.partition').onRef('p.ride_id', '=', 'r.ride_id'),
    )
    .leftJoin('routes as f', (join) =>
      join
        .onRef('f.partition', '=', 'r.partition')
        .onRef('f.ride_id', '=', 'r.ride_id')
        .on('r.status', '=', 'FINISHED'),
    )
    .select([
      'r.partition',
      'r.ride_id as rideId',
      'r.rider_id as riderId',
      'r.status',
      'r.visibility',
      'r.title',
      'r.description',
      'r.started_at as startedAt',
      'r.ended_at as endedAt',
      'r.finished_at as finishedAt',
      'p.version',
      'p.position',
      'p.updated_at as updatedAt',
      'p.latest',
      'p.speed',
    ])
    .select(({ fn }) => [
      fn.coalesce('f.time_zone', 'p.time_zone').as('timeZone'),
      fn.coalesce('f.distance', 'p.distance').as('distance'),
      fn.coalesce('f.moving_time', 'p.moving_time').as('movingTime'),
      fn.coalesce('f.timer_time', 'p.timer_time').as('timerTime'),
    ])
}

function isKept({
  exists,
  not,
  selectFrom,
}: ExpressionBuilder<{ r: ReadTables['rides'] } & ReadTables, 'r'>) {
  return not(
    exists(
      selectFrom('streams as s')
        .select('s.stream_id')
        .whereRef('s.partition', '=', 'r.partition')
        .whereRef('s.stream_id', '=', 'r.ride_id')
        .where('s.deleted', '=', true),
    ),
  )
}

/** Those the viewer comes upon by himself: his own and the public ones. */
export function listedFor(viewer: Viewer) {
  return ({ eb, or }: ExpressionBuilder<{ r: ReadTables['rides'] }, 'r'>) =>
    or([eb('r.rider_id', '=', viewer.riderId), eb('r.visibility', '=', 'PUBLIC')])
}

/** Whoever has the id of an unlisted ride has its link. */
export function maySee(
  viewer: Viewer,
  ride: { readonly riderId: string; readonly visibility: Visibility },
): boolean {
  return ride.riderId === viewer.riderId || ride.visibility !== 'PRIVATE'
}

/** Those of the given rides that the read side knows. */
export async function ridesById(
  read: Kysely<ReadTables>,
  partitionOf: (rideId: string) => number,
  rideIds: readonly string[],
  gone?: Gone,
): Promise<RideRow[]> {
  if (rideIds.length === 0) return []
  const rows = await selectRides(read)
    .where('r.partition', 'in', [...new Set(rideIds.map(partitionOf))])
    // One parameter, however many ids.
    .where('r.ride_id', '=', sql<string>`any(${rideIds}::uuid[])`)
    .execute()
  return withoutGone(rows, gone)
}

export function ridesInProgress(read: Kysely<ReadTables>): Promise<RideRow[]> {
  return selectRides(read).where('r.status', 'in', ['ACTIVE', 'PAUSED']).execute()
}

export interface RidesPage {
  readonly after: RidesKey | undefined
  readonly before: RidesKey | undefined
  readonly limit: number
  /** From the end. */
  readonly inverted: boolean
}

export interface RidesKey {
  readonly startedAt: Date
  readonly rideId: string
}

/**
 * A page of the rides listed for the viewer, newest start
 * first, by keyset: what comes in meanwhile shifts nothing.
 */
export async function ridesPage(
  read: Kysely<ReadTables>,
  viewer: Viewer,
  page: RidesPage,
  gone?: Gone,
): Promise<RideRow[]> {
  const rides: RideRow[] = []
  let rest = page
  // A page that is short says that nothing follows: what is left out is made up for.
  while (true) {
    const rows = await rowsOf(read, viewer, rest)
    rides.push(...(await withoutGone(rows, gone)))
    const last = rows.at(-1)
    if (last === undefined || rows.length < rest.limit || rides.length === page.limit) return rides
    rest = { ...rest, [page.inverted ? 'before' : 'after']: last, limit: page.limit - rides.length }
  }
}

function rowsOf(read: Kysely<ReadTables>, viewer: Viewer, page: RidesPage): Promise<RideRow[]> {
  const direction = page.inverted ? 'asc' : 'desc'
  let query = selectRides(read).where(listedFor(viewer))
  if (page.after !== undefined) query = query.where(keyOf(page.after, sql`<`))
  if (page.before !== undefined) query = query.where(keyOf(page.before, sql`>`))
  return query.orderBy('r.started_at', direction).orderBy('r.ride_id', direction).limit(page.limit).execute()
}

function keyOf({ startedAt, rideId }: RidesKey, operator: ReturnType<typeof sql>) {
  return sql<boolean>`(r.started_at, r.ride_id) ${operator} (${startedAt}, ${rideId})`
}

export const exactCountBound = 10_000

/** How many rides are listed for the viewer; counting stops one behind the bound. */
export async function countRides(read: Kysely<ReadTables>, viewer: Viewer): Promise<number> {
  const { count } = await read
    .selectFrom((from) =>
      from
        .selectFrom('rides as r')
        .select('r.ride_id')
        .where(isKept)
        .where(listedFor(viewer))
        .limit(exactCountBound + 1)
        .as('counted'),
    )
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}

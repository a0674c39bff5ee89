/**
 * What a rider has ridden in all, and furthest and fastest: of the routes that a viewer sees, each by its own row, so that what
 * is deleted, hidden or withdrawn does not count from then on. `unlisted` are those that the tables which are read may still list.
 */
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { ReadTables } from '#projections/tables.ts'
import { type FastestKilometres, fastestKilometres } from '#ride/track/fastest.ts'
import { readerOf, type Viewer } from '#rights/viewer.ts'
import { isForAudience } from './ride-row.ts'
import { isKeptRide, isNotOneOf, isShownTo } from './ride-rows.ts'

export type TotalsPeriod = 'DAY' | 'WEEK' | 'MONTH' | 'YEAR'

/** Metres, seconds. */
export interface RiderTotal {
  /** The period's first day, YYYY-MM-DD. */
  readonly from: string
  readonly rides: number
  readonly distance: number
  readonly elapsedTime: number
  readonly movingTime: number
  readonly elevationGain: number
}

/** Ten years of weeks, and more; of days a year and a half. */
export const mostTotals = 600

export async function totalsOf(
  read: Kysely<ReadTables>,
  viewer: Viewer,
  asked: { riderId: string; period: TotalsPeriod; from: string | undefined; to: string | undefined },
  unlisted: readonly string[] = [],
): Promise<RiderTotal[]> {
  const { riderId, period, from, to } = asked
  const begin = sql`date_trunc(${period.toLowerCase()}, f.started_on)::date`
  const { rows } = await sql<RiderTotal>`
    select to_char(${begin}, 'YYYY-MM-DD') as "from", count(*) as rides, sum(f.distance) as distance,
           sum(f.elapsed_time) as "elapsedTime", sum(f.moving_time) as "movingTime",
           coalesce(sum(f.elevation_gain), 0) as "elevationGain"
      from ${routesOf(riderId, viewer, unlisted)}
       and f.started_on >= coalesce(${from ?? null}::date, '-infinity')
       and f.started_on <= coalesce(${to ?? null}::date, 'infinity')
     group by 1 order by 1 desc limit ${sql.lit(mostTotals)}`.execute(read)
  return rows
}

export interface RiderRecords {
  readonly longest: string | null
  readonly mostClimbing: string | null
  readonly fastest: readonly FastestStretch[]
}

export interface FastestStretch {
  /** Metres. */
  readonly distance: number
  /** Seconds. */
  readonly time: number
  readonly rideId: string
}

type RecordName = 'longest' | 'mostClimbing' | FastestKilometres

/** Of equal ones the first that was ridden. */
export async function recordsOf(
  read: Kysely<ReadTables>,
  viewer: Viewer,
  riderId: string,
  unlisted: readonly string[] = [],
): Promise<RiderRecords> {
  const best = (
    name: RecordName,
    column: string,
    direction: RawBuilder<unknown>,
    isOne = sql`is not null`,
  ) => sql`
    (select ${String(name)}::text as name, ride_id, ${sql.ref(column)} as value from seen
      where ${sql.ref(column)} ${isOne} order by ${sql.ref(column)} ${direction}, started_on, ride_id limit 1)`
  const records = [
    best('longest', 'distance', sql`desc`, sql`> 0`),
    best('mostClimbing', 'elevation_gain', sql`desc`, sql`> 0`),
    ...fastestKilometres.map((kilometres) => best(kilometres, `fastest_${kilometres}`, sql`asc`)),
  ]
  const { rows } = await sql<{ name: string; ride_id: string; value: number }>`
    with seen as materialized (select f.* from ${routesOf(riderId, viewer, unlisted)})
    ${sql.join(records, sql` union all `)}`.execute(read)
  const found = new Map(rows.map((row) => [row.name, row]))
  return {
    longest: found.get('longest')?.ride_id ?? null,
    mostClimbing: found.get('mostClimbing')?.ride_id ?? null,
    fastest: fastestKilometres.flatMap((kilometres) => {
      const row = found.get(String(kilometres))
      return row === undefined ? [] : [{ distance: kilometres * 1000, time: row.value, rideId: row.ride_id }]
    }),
  }
}

/** Of a rider's finished rides the routes `f` that the viewer sees. `rides` says which these are; the index only where they are. */
function routesOf(riderId: string, viewer: Viewer, unlisted: readonly string[]): RawBuilder<unknown> {
  const readerId = readerOf(viewer)
  const numbers = ['ride_id', 'started_on', 'distance', 'elapsed_time', 'moving_time', 'elevation_gain']
  const columns = [...numbers, ...fastestKilometres.map((kilometres) => `fastest_${kilometres}`)]
  const whose =
    riderId === readerId
      ? sql`f.audience <> 'others'`
      : sql`f.visibility = 'PUBLIC' and f.audience <> 'rider'`
  return sql`(select ${sql.join(columns.map((column) => sql.ref(`f.${column}`)))}
                from ${sql.table('routes')} f
               where f.rider_id = ${riderId}::uuid and ${whose} and exists (
                 select from ${sql.table('rides')} r
                  where r.partition = f.partition and r.ride_id = f.ride_id and r.status = 'FINISHED'
                    and ${isForAudience} and (r.rider_id = ${readerId}::uuid or r.visibility = 'PUBLIC')
                    and ${isShownTo(sql`${readerId}`)} and ${isKeptRide} and ${isNotOneOf(unlisted)} offset 0)) f
       where f.started_on is not null`
}

/** Whether he is one whose name the viewer comes upon: himself, or of a ride that he may list. */
export async function isKnownRider(
  read: Kysely<ReadTables>,
  viewer: Viewer,
  riderId: string,
  unlisted: readonly string[] = [],
): Promise<boolean> {
  const { rows } = await sql`
    select from ${sql.table('rides')} r
     where r.rider_id = ${riderId}::uuid and r.visibility = 'PUBLIC' and r.audience <> 'rider'
       and ${isShownTo(sql`${readerOf(viewer)}`)} and ${isKeptRide} and ${isNotOneOf(unlisted)} limit 1`.execute(
    read,
  )
  return rows.length > 0
}

/**
 * Rides that are to be masked anew. They are looked for where commands go to, not where is read: a replica that lags behind a
 * change of zones has none that is stale, and the rider would be taken for done.
 */
import { type Queryable, type SQLQuery, sql } from '@databases/pg'
import { tableOf } from './projection.ts'

export interface Stale {
  readonly partition: number
  readonly ride_id: string
  readonly rider_id: string
  readonly status: string
  /** Milliseconds since 1970. */
  readonly finished_at: number | null
}

export type RidePlace = Pick<Stale, 'partition' | 'ride_id'>

/** Before every ride. */
export const beginning: RidePlace = { partition: -1, ride_id: '00000000-0000-0000-0000-000000000000' }

/** At a time. */
export const batchSize = 100

export function staleOfRider(database: Queryable, riderId: string, after: RidePlace): Promise<Stale[]> {
  return staleBehind(database, after, sql`r.rider_id = ${riderId}`)
}

/** Begun while the zones changed, by a process that had read the old ones: those that go on are few. */
export function staleInProgress(database: Queryable, after: RidePlace): Promise<Stale[]> {
  return staleBehind(database, after, isInProgress)
}

const isInProgress = sql`r.status in ('ACTIVE', 'PAUSED')`
const finishedAt = (column: SQLQuery) => sql`(extract(epoch from ${column}) * 1000)::float8 as finished_at`

async function staleBehind(
  database: Queryable,
  { partition, ride_id }: RidePlace,
  which: SQLQuery,
): Promise<Stale[]> {
  return database.query(sql`
    select r.partition, r.ride_id, r.rider_id, r.status, ${finishedAt(sql`r.finished_at`)}
      from ${await servedRides(database)} r join riders u using (rider_id)
     where r.audience <> 'others' and r.mask_version < u.mask_version and ${which}
       -- Those of who leaves are to stay hidden.
       and not exists (select from leaving_riders l where l.rider_id = u.rider_id)
       and (r.partition, r.ride_id) > (${partition}::smallint, ${ride_id}::uuid)
     order by r.partition, r.ride_id limit ${batchSize}`)
}

/**
 * What others still see go on, long after it was finished: should the route, which is built of the whole ride, not have said that
 * it ends in a zone.
 */
export async function unended(database: Queryable, finishedBefore: number): Promise<Stale[]> {
  const rides = await servedRides(database)
  return database.query(sql`
    select r.partition, r.ride_id, r.rider_id, o.status, ${finishedAt(sql`o.finished_at`)}
      from ${rides} r join ${rides} o using (partition, ride_id)
     where r.audience = 'others' and ${isInProgress} and o.audience = 'rider' and o.status = 'FINISHED'
       and o.finished_at < to_timestamp(${finishedBefore / 1000}) limit ${batchSize}`)
}

/** A rider's; in the words of an index, too. */
export async function ridesInProgressOf(database: Queryable, riderId: string): Promise<string[]> {
  const rows: { ride_id: string }[] = await database.query(sql`
    select r.ride_id from ${await servedRides(database)} r
     where r.rider_id = ${riderId} and r.status <> 'FINISHED' and r.audience <> 'others' and ${isInProgress}`)
  return rows.map((row) => row.ride_id)
}

async function servedRides(database: Queryable): Promise<SQLQuery> {
  const [serving] = await database.query(sql`
    select version from projection_version where projection = 'rides' and state = 'serving'`)
  if (serving === undefined) throw new Error('No version of the projection rides is served')
  return tableOf('rides', serving.version)
}

/** Whether a rider has a ride at the time of a recording already: the one that both may be of. */
import { type Kysely, sql } from 'kysely'
import type { ReadTables } from '#projections/tables.ts'
import { isKeptRide, isNotOneOf } from './ride-rows.ts'

export interface SameTime {
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly endedAt: number
  /** Of none of these rides is it asked. */
  readonly except: readonly string[]
}

/** How long before a recording a ride may have started that lasted into it. */
const longestRideDays = 30

/**
 * Of the rider's rides that have ended, the one that has most time in common with the recording: at least half of the shorter of
 * the two. So the same ride is found where another device started late or stopped early, and two rides one after the other
 * are two, also where the one was stopped after the other had begun.
 */
export async function rideAtSameTime(
  read: Kysely<ReadTables>,
  riderId: string,
  { startedAt, endedAt, except }: SameTime,
): Promise<string | undefined> {
  const from = sql<Date>`to_timestamp(${startedAt / 1_000}::float8)`
  const to = sql<Date>`to_timestamp(${endedAt / 1_000}::float8)`
  const inCommon = sql`(least(r.ended_at, ${to}) - greatest(r.started_at, ${from}))`
  const ride = await read
    .selectFrom('rides as r')
    .select('r.ride_id')
    .where('r.rider_id', '=', riderId)
    .where('r.audience', '<>', sql.lit('others'))
    .where('r.started_at', '<=', to)
    .where('r.started_at', '>=', sql<Date>`${from} - make_interval(days => ${longestRideDays})`)
    .where('r.ended_at', '>=', from)
    .where(sql<boolean>`${inCommon} * 2 >= least(r.ended_at - r.started_at, ${to} - ${from})`)
    .where(isNotOneOf(except))
    .where(isKeptRide)
    .orderBy(sql`${inCommon} desc, r.ride_id`)
    .limit(1)
    .executeTakeFirst()
  return ride?.ride_id
}

/** What is asked of rides, as conditions on a row `r` of rides, of which the viewer is shown a row. */
import { type RawBuilder, sql } from 'kysely'
import { leadsThere } from './areas.ts'
import type { RideFilter } from './ride-filter.ts'
import { isForAudience } from './ride-row.ts'
import { tsqueryOf } from './words.ts'

export interface RideConditions {
  /** Of the row itself. */
  readonly cheap: readonly RawBuilder<boolean>[]
  /** Of what stands beside it: last, and of as few as possible. */
  readonly dear: readonly RawBuilder<boolean>[]
}

export function conditionsOf(filter: RideFilter): RideConditions {
  const { riderId, status, startedAfter, startedBefore, minDistance, maxDistance, words } = filter
  const { firstDay, lastDay } = filter
  const cheap: RawBuilder<boolean>[] = []
  const dear: RawBuilder<boolean>[] = []
  if (riderId !== undefined) cheap.push(sql`r.rider_id = ${riderId}::uuid`)
  if (status !== undefined) cheap.push(sql`r.status = any(${status}::text[])`)
  if (startedAfter !== undefined) cheap.push(sql`r.started_at >= ${startedAfter}`)
  if (startedBefore !== undefined) cheap.push(sql`r.started_at < ${startedBefore}`)
  if (words !== undefined) cheap.push(sql`r.words @@ ${tsqueryOf(words)}`)
  if (firstDay !== undefined) dear.push(sql`${dayOfRide} >= ${firstDay}::date`)
  if (lastDay !== undefined) dear.push(sql`${dayOfRide} <= ${lastDay}::date`)
  if (minDistance !== undefined) dear.push(sql`${distanceOfRide} >= ${minDistance}::float8`)
  if (maxDistance !== undefined) dear.push(sql`${distanceOfRide} <= ${maxDistance}::float8`)
  const there = leadsThere(filter)
  if (there.length > 0) {
    dear.push(sql`exists (select from ${sql.table('routes')} f
      where f.partition = r.partition and f.ride_id = r.ride_id and ${isForAudience}
        and r.status = 'FINISHED' and ${sql.join(there, sql` and `)} offset 0)`)
  }
  return { cheap, dear }
}

/** Metres, as the viewer is shown it: of its route where it is finished, else what is known so far. */
export const distanceOfRide = sql<number>`coalesce(
  (select f.distance from ${sql.table('routes')} f where f.partition = r.partition and f.ride_id = r.ride_id
      and ${isForAudience} and r.status = 'FINISHED' limit 1),
  (select p.distance from ${sql.table('ride_progress')} p where p.partition = r.partition and p.ride_id = r.ride_id
      and p.audience = r.audience limit 1))`

/** The day on which it began, where it began; in UTC where that is not known (yet). */
const dayOfRide = sql<string>`coalesce(
  (select f.started_on from ${sql.table('routes')} f where f.partition = r.partition and f.ride_id = r.ride_id
      and ${isForAudience} and r.status = 'FINISHED' limit 1),
  (select (r.started_at at time zone coalesce(p.time_zone, 'UTC'))::date from ${sql.table('ride_progress')} p
    where p.partition = r.partition and p.ride_id = r.ride_id and p.audience = r.audience limit 1),
  (r.started_at at time zone 'UTC')::date)`

export function allOf(conditions: readonly RawBuilder<boolean>[]): RawBuilder<boolean> {
  return conditions.length === 0 ? sql<boolean>`true` : sql<boolean>`(${sql.join(conditions, sql` and `)})`
}

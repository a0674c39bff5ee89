/** Who and what is gone, as the database knows it; and of a list of them, what is there all the same: a backup has brought it back. */
import { type Queryable, sql } from '@databases/pg'
import type { OpenedForCli } from '#cli/open-log.ts'
import { type RideToForget, ridesOf } from '#projections/forget-rider.ts'
import type { GoneList } from './list.ts'
import { ridesThere } from './rides.ts'

/** At one moment. Who has asked to be forgotten counts as gone. */
export async function readGone(database: Queryable): Promise<GoneList> {
  const [row] = await database.query(sql`
    with leaving as (
      select mark_of_rider(l.rider_id) as mark,
             (select count(*) from riders r where r.rider_id = l.rider_id)::integer as times
        from leaving_riders l
    )
    select (select coalesce(json_agg(json_build_object('mark', mark, 'times', times) order by mark), '[]')
              from (select mark, sum(times) as times
                      from (select mark, times from gone_riders union all select mark, times from leaving) as each
                     group by mark having sum(times) > 0) as gone) as riders,
           (select coalesce(json_agg(stream_id order by stream_id), '[]')
              from streams where type = 'ride' and deleted) as "rideIds"`)
  return row as GoneList
}

export interface Returned {
  readonly riderIds: readonly string[]
  /** With those of the riders. */
  readonly rides: readonly RideToForget[]
}

export async function returnedOf(opened: OpenedForCli, { riders, rideIds }: GoneList): Promise<Returned> {
  const back: { rider_id: string }[] = await opened.work.query(sql`
    select r.rider_id from riders r cross join lateral mark_of_rider(r.rider_id) as of_rider (mark)
      join unnest(${riders.map(({ mark }) => mark)}::text[], ${riders.map(({ times }) => times)}::integer[])
        as listed (mark, times) on listed.mark = of_rider.mark
      left join gone_riders g on g.mark = listed.mark
     where listed.times > coalesce(g.times, 0)
     order by r.rider_id`)
  const riderIds = back.map(({ rider_id: id }) => id)
  const rides = new Map<string, RideToForget>()
  for (const ride of await ridesThere(opened, rideIds)) rides.set(ride.rideId, ride)
  for (const id of riderIds) for (const ride of await ridesOf(opened.work, id)) rides.set(ride.rideId, ride)
  return { riderIds, rides: [...rides.values()] }
}

/** A rider's own rides, all of them, page by page. */
import { type Kysely, sql } from 'kysely'
import type { ReadTables } from '#projections/tables.ts'
import { wholeRide } from './ride-parts.ts'
import { type RideRow, rideRowOf, withAllOf } from './ride-row.ts'
import { isKeptRide } from './ride-rows.ts'

/** The newest first, behind one of them. Those that begin meanwhile are before all of these. */
export async function ownRides(
  read: Kysely<ReadTables>,
  riderId: string,
  { behind, limit }: { readonly behind: RideRow | undefined; readonly limit: number },
): Promise<RideRow[]> {
  const rides = read
    .selectFrom('rides as r')
    .where('r.rider_id', '=', riderId)
    .where('r.audience', '<>', sql.lit('others'))
    .where(isKeptRide)
    .$if(behind !== undefined, (query) =>
      query.where(
        sql<boolean>`(r.started_at, r.ride_id) < (${behind?.startedAt}::timestamptz, ${behind?.rideId}::uuid)`,
      ),
    )
    .orderBy('r.started_at', 'desc')
    .orderBy('r.ride_id', 'desc')
    .limit(limit)
  const rows = await withAllOf(rides, { ...wholeRide, shares: true }).execute()
  return rows.map((row) => rideRowOf(row))
}

/** The tracks of finished rides: what streams and files are made of. */
import type { Kysely } from 'kysely'
import type { ReadTables } from '#projections/tables.ts'
import type { Track } from '#ride/track/segment.ts'
import { decodeTrack } from '#ride/track/track-encoding.ts'
import { isOneOf, type SeenRide } from './route-rows.ts'

/** By ride; those that have one. */
export async function tracksById(
  read: Kysely<ReadTables>,
  rides: readonly SeenRide[],
): Promise<Map<string, Track>> {
  const rows = await read
    .selectFrom('tracks as f')
    .innerJoin('routes as r', (join) =>
      join
        .onRef('r.partition', '=', 'f.partition')
        .onRef('r.ride_id', '=', 'f.ride_id')
        .onRef('r.audience', '=', 'f.audience'),
    )
    .select(['f.ride_id as rideId', 'f.track', 'r.excluded'])
    .where(isOneOf(rides))
    .execute()
  return new Map(rows.map(({ rideId, track, excluded }) => [rideId, decodeTrack(track, excluded)]))
}

/** The tracks of finished rides: what streams and files are made of. */
import { type Kysely, sql } from 'kysely'
import type { ReadTables } from '#projections/tables.ts'
import type { Track } from '#ride/track/segment.ts'
import { decodeTrack } from '#ride/track/track-encoding.ts'

/** By ride; those that have one. */
export async function tracksById(
  read: Kysely<ReadTables>,
  partitionOf: (rideId: string) => number,
  rideIds: readonly string[],
): Promise<Map<string, Track>> {
  const rows = await read
    .selectFrom('tracks as t')
    .innerJoin('routes as r', (join) =>
      join.onRef('r.partition', '=', 't.partition').onRef('r.ride_id', '=', 't.ride_id'),
    )
    .select(['t.ride_id as rideId', 't.track', 'r.excluded'])
    .where('t.partition', 'in', [...new Set(rideIds.map(partitionOf))])
    .where('t.ride_id', '=', sql<string>`any(${rideIds}::uuid[])`)
    .execute()
  return new Map(rows.map(({ rideId, track, excluded }) => [rideId, decodeTrack(track, excluded)]))
}

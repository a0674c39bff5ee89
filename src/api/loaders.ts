/** What a request reads of rides, each row once, those of one moment together. */
import DataLoader from 'dataloader'
import type { Kysely } from 'kysely'
import type { Log } from '#log/log.ts'
import type { ReadTables } from '#projections/tables.ts'
import type { Track } from '#ride/track/segment.ts'
import type { Viewer } from './context.ts'
import type { Gone } from './gone.ts'
import type { RideRow } from './ride-row.ts'
import { maySee, ridesById } from './ride-rows.ts'
import type { Thumbnails } from './route-row.ts'
import {
  geometries,
  keyOf,
  type SplitsByUnit,
  splitsById,
  type ThinRoute,
  thumbnailsById,
} from './route-rows.ts'
import type { GeoJson } from './scalars.ts'
import { createStreamsLoader, type StreamsLoader } from './streams-loader.ts'
import { tracksById } from './track-rows.ts'

/** By ride; null where there is nothing, or nothing that the viewer may see. */
export interface Loaders {
  readonly rideLoader: DataLoader<string, RideRow | null>
  readonly splitsLoader: DataLoader<string, SplitsByUnit | null>
  readonly thumbnailLoader: DataLoader<string, Thumbnails | null>
  readonly geometryLoader: DataLoader<ThinRoute, GeoJson | null, string>
  readonly trackLoader: DataLoader<string, Track | null>
  readonly streamsLoader: StreamsLoader
}

export interface LoaderMeans {
  readonly read: Kysely<ReadTables>
  readonly log: Pick<Log, 'partitionOf'>
  readonly viewer: Viewer
  readonly gone: Gone | undefined
}

export function createLoaders({ read, log: { partitionOf }, viewer, gone }: LoaderMeans): Loaders {
  /** Nothing of a ride is shown to whom the ride itself is not. */
  const visible = async (ids: readonly string[]): Promise<string[]> => {
    const rides = await rideLoader.loadMany(ids)
    for (const ride of rides) if (ride instanceof Error) throw ride
    return ids.filter((_, index) => rides[index] !== null)
  }
  const ofRides = <Row>(load: (ids: string[]) => Promise<ReadonlyMap<string, Row>>) =>
    new DataLoader(async (ids: readonly string[]) => {
      const seen = await visible(ids)
      const rows = seen.length === 0 ? new Map<string, Row>() : await load(seen)
      return ids.map((id) => rows.get(id) ?? null)
    })
  const rideLoader = new DataLoader(async (ids: readonly string[]) => {
    const rides = await ridesById(read, partitionOf, ids, gone)
    const byId = new Map(rides.filter((ride) => maySee(viewer, ride)).map((ride) => [ride.rideId, ride]))
    return ids.map((id) => byId.get(id) ?? null)
  })
  const geometryLoader = new DataLoader<ThinRoute, GeoJson | null, string>(
    async (routes) => {
      const seen = new Set(await visible([...new Set(routes.map(({ rideId }) => rideId))]))
      const shapes = await geometries(
        read,
        partitionOf,
        routes.filter(({ rideId }) => seen.has(rideId)),
      )
      return routes.map((route) => shapes.get(keyOf(route)) ?? null)
    },
    { cacheKeyFn: keyOf },
  )
  const trackLoader = ofRides((ids) => tracksById(read, partitionOf, ids))
  const streamsLoader = createStreamsLoader(async (id) => {
    const track = await trackLoader.load(id)
    trackLoader.clear(id)
    return track
  })
  return {
    rideLoader,
    splitsLoader: ofRides((ids) => splitsById(read, partitionOf, ids)),
    thumbnailLoader: ofRides((ids) => thumbnailsById(read, partitionOf, ids)),
    geometryLoader,
    trackLoader,
    streamsLoader,
  }
}

/** What a request reads of rides, each row once, those of one moment together. */
import DataLoader from 'dataloader'
import type { Kysely } from 'kysely'
import type { Log } from '#log/log.ts'
import type { ReadTables } from '#projections/tables.ts'
import type { Track } from '#ride/track/segment.ts'
import { maySee } from '#rights/may-see.ts'
import type { Viewer } from '#rights/viewer.ts'
import type { Afresh } from './afresh.ts'
import type { RideRow } from './ride-row.ts'
import { ridesSeenBy } from './ride-rows.ts'
import type { Thumbnails } from './route-row.ts'
import {
  geometries,
  keyOf,
  type SeenRide,
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
  readonly afresh: Afresh | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Made when they are first asked for: nearly all requests are uploads, which read nothing. */
export function createLoaders(means: LoaderMeans): Loaders {
  return new LazyLoaders(means)
}

class LazyLoaders implements Loaders {
  readonly #means: LoaderMeans
  #rides: Loaders['rideLoader'] | undefined
  #splits: Loaders['splitsLoader'] | undefined
  #thumbnails: Loaders['thumbnailLoader'] | undefined
  #geometries: Loaders['geometryLoader'] | undefined
  #tracks: Loaders['trackLoader'] | undefined
  #streams: StreamsLoader | undefined

  constructor(means: LoaderMeans) {
    this.#means = means
  }

  get rideLoader() {
    this.#rides ??= new DataLoader(async (ids: readonly string[]) => {
      const { read, log, viewer, afresh, now } = this.#means
      const rides = await ridesSeenBy(read, log.partitionOf, ids, { viewer, afresh })
      const seen = rides.filter((ride) => maySee(viewer, ride, now()))
      const byId = new Map(seen.map((ride) => [ride.rideId, ride]))
      return ids.map((id) => byId.get(id) ?? null)
    })
    return this.#rides
  }

  get splitsLoader() {
    this.#splits ??= this.#ofRides(splitsById)
    return this.#splits
  }

  get thumbnailLoader() {
    this.#thumbnails ??= this.#ofRides(thumbnailsById)
    return this.#thumbnails
  }

  get geometryLoader() {
    this.#geometries ??= new DataLoader<ThinRoute, GeoJson | null, string>(
      async (routes) => {
        const rides = await this.#visible([...new Set(routes.map(({ rideId }) => rideId))])
        const seen = new Map(rides.map((ride) => [ride.rideId, ride]))
        const shapes = await geometries(
          this.#means.read,
          routes.flatMap(({ rideId, tolerance }) => {
            const ride = seen.get(rideId)
            return ride === undefined ? [] : [{ ...ride, tolerance }]
          }),
        )
        return routes.map((route) => shapes.get(keyOf(route)) ?? null)
      },
      { cacheKeyFn: keyOf },
    )
    return this.#geometries
  }

  get trackLoader() {
    this.#tracks ??= this.#ofRides(tracksById)
    return this.#tracks
  }

  get streamsLoader() {
    this.#streams ??= createStreamsLoader(async (id) => {
      const track = await this.trackLoader.load(id)
      this.trackLoader.clear(id)
      return track
    })
    return this.#streams
  }

  /** Nothing of a ride is shown to whom the ride itself is not, and what is shown is what the viewer is shown of the ride. */
  async #visible(ids: readonly string[]): Promise<SeenRide[]> {
    const rides = await this.rideLoader.loadMany(ids)
    return rides.flatMap((ride) => {
      if (ride instanceof Error) throw ride
      return ride ?? []
    })
  }

  #ofRides<Row>(
    load: (read: LoaderMeans['read'], rides: readonly SeenRide[]) => Promise<ReadonlyMap<string, Row>>,
  ): DataLoader<string, Row | null> {
    return new DataLoader(async (ids: readonly string[]) => {
      const seen = await this.#visible(ids)
      const rows = seen.length === 0 ? new Map<string, Row>() : await load(this.#means.read, seen)
      return ids.map((id) => rows.get(id) ?? null)
    })
  }
}

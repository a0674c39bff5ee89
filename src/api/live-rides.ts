/** The live map's feed: rides in progress that the viewer may see. */
import type { LiveRidesUpdate } from '#live/live-view.ts'
import { mayList } from '#rights/may-see.ts'
import { readerOf } from '#rights/viewer.ts'
import { builder } from './builder.ts'
import { RideStatusEnum } from './enums.ts'
import { asGraphQLError } from './errors.ts'
import { PositionObject } from './position.ts'
import { titleOf } from './ride.ts'
import { RideProgressObject } from './ride-progress.ts'
import type { RideRow } from './ride-row.ts'
import { type RideForAll, shownTo } from './ride-rows.ts'
import { Rider, riderOf } from './rider.ts'

const LiveRide = builder.objectRef<RideRow>('LiveRide').implement({
  description: 'A ride in progress: ACTIVE or PAUSED.',
  fields: (t) => ({
    rideId: t.exposeID('rideId'),
    version: t.exposeInt('version'),
    status: t.expose('status', { type: RideStatusEnum }),
    title: t.string({ resolve: titleOf }),
    rider: t.field({ type: Rider, resolve: riderOf }),
    startedAt: t.field({
      type: 'DateTime',
      description: 'By the device.',
      resolve: ({ startedAt }) => startedAt.getTime(),
    }),
    updatedAt: t.field({
      type: 'DateTime',
      description: 'By the server.',
      resolve: ({ updatedAt }) => updatedAt.getTime(),
    }),
    position: t.field({
      type: PositionObject,
      nullable: true,
      description: 'The newest by its own time.',
      resolve: ({ latest }) => latest,
    }),
    progress: t.field({ type: RideProgressObject, nullable: true, resolve: (ride) => ride }),
  }),
})

const LiveRides = builder.objectRef<LiveRidesUpdate<RideRow>>('LiveRides').implement({
  description: "`snapshot`: replaces all. `removed`: ended, left the box, or no longer the viewer's to see.",
  fields: (t) => ({
    snapshot: t.exposeBoolean('snapshot'),
    rides: t.field({ type: [LiveRide], resolve: ({ rides }) => rides }),
    removed: t.idList({ resolve: ({ removed }) => [...removed] }),
  }),
})

const BoundingBoxInput = builder.inputType('BoundingBoxInput', {
  description: 'Where west is greater than east, the box crosses the antimeridian.',
  fields: (t) => ({
    west: t.field({ type: 'Longitude', required: true }),
    south: t.field({ type: 'Latitude', required: true }),
    east: t.field({ type: 'Longitude', required: true }),
    north: t.field({ type: 'Latitude', required: true }),
  }),
})

type Box = typeof BoundingBoxInput.$inferInput

builder.subscriptionField('liveRides', (t) =>
  t.field({
    type: LiveRides,
    description:
      'Rides in progress that the viewer may see: first a snapshot, then what changed, at most four times a second; a slow reader gets the newest state, not a queue.',
    args: { within: t.arg({ type: BoundingBoxInput }) },
    subscribe: (_, { within }, { liveRides, viewer }) => {
      if (within != null) check(within)
      return liveRides.open({
        name: JSON.stringify([readerOf(viewer), within ?? null]),
        includes(ride) {
          const shown = shownTo(viewer, ride)
          return shown !== null && mayList(viewer, shown) && (within == null || isWithin(shown, within))
        },
      })
    },
    resolve: ({ rides, ...update }: LiveRidesUpdate<RideForAll>, _, { viewer }) => ({
      ...update,
      rides: rides.flatMap((ride) => shownTo(viewer, ride) ?? []),
    }),
  }),
)

function check({ west, south, east, north }: Box): void {
  const onEarth =
    Math.abs(west) <= 180 && Math.abs(east) <= 180 && Math.abs(south) <= 90 && Math.abs(north) <= 90
  if (onEarth && south <= north) return
  throw asGraphQLError(
    'INVALID_INPUT',
    'A box has longitudes -180 to 180, latitudes -90 to 90, and south no greater than north. Send degrees, and swap what is turned round.',
  )
}

function isWithin({ latest }: RideRow, { west, south, east, north }: Box): boolean {
  if (latest?.latitude === undefined || latest.longitude === undefined) return false
  const { latitude, longitude } = latest
  const between =
    west <= east ? longitude >= west && longitude <= east : longitude >= west || longitude <= east
  return between && latitude >= south && latitude <= north
}

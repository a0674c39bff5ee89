/** The live map's feed: rides in progress that the viewer may see. */
import type { LiveRidesUpdate } from '#live/live-view.ts'
import type { RideEventType } from '#ride/events.ts'
import { mayList } from '#rights/may-see.ts'
import { readerOf } from '#rights/viewer.ts'
import { type BoundingBox, BoundingBoxInput, checkBox } from './bounding-box.ts'
import { builder } from './builder.ts'
import { RideStatusEnum } from './enums.ts'
import { whileCurrent } from './feed-rights.ts'
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

builder.subscriptionField('liveRides', (t) =>
  t.field({
    type: LiveRides,
    description:
      'Rides in progress that the viewer may see: first a snapshot, then what changed, at most four times a second; a slow reader gets the newest state, not a queue.',
    args: { within: t.arg({ type: BoundingBoxInput }) },
    subscribe: (_, { within }, { liveRides, viewer }) => {
      if (within != null) checkBox(within)
      const source = liveRides.open({
        name: JSON.stringify([readerOf(viewer), within ?? null]),
        show(ride) {
          const shown = shownTo(viewer, ride)
          if (shown === null || !mayList(viewer, shown)) return null
          return within == null || isWithin(shown, within) ? shown : null
        },
      })
      return whileCurrent(source, viewer)
    },
    resolve: (update: LiveRidesUpdate<RideRow>) => update,
  }),
)

/** What masks a ride anew: until the read side has it, nobody else is shown what that has. */
export function conceals({ type }: { readonly type: string }): boolean {
  return type === ('RideMasked' satisfies RideEventType)
}

/** What may withdraw a ride: it does not say what it changes where nobody follows the ride. */
export function mayWithdraw({ type }: { readonly type: string }): boolean {
  return type === ('RideEdited' satisfies RideEventType)
}

export function concealed(ride: RideForAll): RideForAll {
  return { ...ride, others: null }
}

function isWithin({ latest }: RideRow, { west, south, east, north }: BoundingBox): boolean {
  if (latest?.latitude === undefined || latest.longitude === undefined) return false
  const { latitude, longitude } = latest
  const between =
    west <= east ? longitude >= west && longitude <= east : longitude >= west || longitude <= east
  return between && latitude >= south && latitude <= north
}

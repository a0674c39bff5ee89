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
    rideId: t.exposeID('rideId', { description: 'Of the ride, for `ride` and `rideFeed`.' }),
    version: t.exposeInt('version', { description: "The ride's version, as `Ride.version` has it." }),
    status: t.expose('status', { type: RideStatusEnum, description: 'ACTIVE or PAUSED.' }),
    title: t.string({
      description: 'Where nobody gave it one, what time of day it began at.',
      resolve: titleOf,
    }),
    rider: t.field({ type: Rider, description: 'Who rides it.', resolve: riderOf }),
    startedAt: t.field({
      type: 'DateTime',
      description: 'When it began, by the device.',
      resolve: ({ startedAt }) => startedAt.getTime(),
    }),
    updatedAt: t.field({
      type: 'DateTime',
      description: 'When the server last heard of it.',
      resolve: ({ updatedAt }) => updatedAt.getTime(),
    }),
    position: t.field({
      type: PositionObject,
      nullable: true,
      description: 'The newest by its own time.',
      resolve: ({ latest }) => latest,
    }),
    progress: t.field({
      type: RideProgressObject,
      nullable: true,
      description: 'Running numbers until now.',
      resolve: (ride) => ride,
    }),
  }),
})

const LiveRides = builder.objectRef<LiveRidesUpdate<RideRow>>('LiveRides').implement({
  description: 'What has changed on the live map.',
  fields: (t) => ({
    snapshot: t.exposeBoolean('snapshot', {
      description: 'These are all rides: they replace whatever came before.',
    }),
    rides: t.field({
      type: [LiveRide],
      description: 'New ones, and those of which something has changed.',
      resolve: ({ rides }) => rides,
    }),
    removed: t.idList({
      description: "Rides that have ended, left the box, or are no longer the viewer's to see.",
      resolve: ({ removed }) => [...removed],
    }),
  }),
})

builder.subscriptionField('liveRides', (t) =>
  t.field({
    type: LiveRides,
    description:
      'Rides in progress that the viewer may see: first a snapshot, then what changed, at most four times a second; a slow reader gets the newest state, not a queue.',
    args: {
      within: t.arg({
        type: BoundingBoxInput,
        description: 'Only rides whose newest position is in this box; everywhere, where left out.',
      }),
    },
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

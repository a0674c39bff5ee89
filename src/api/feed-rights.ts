/** What a viewer is shown of a ride's feed, as a class of viewers who are shown the same, found anew before each event. */
import type { Rights } from '#live/feed-cursor.ts'
import type { RecordedEvent } from '#log/read.ts'
import { decodeRideEvent } from '#ride/encoding.ts'
import type { RideEventType, Visibility } from '#ride/events.ts'
import { maySee } from '#rights/may-see.ts'
import type { Viewer } from '#rights/viewer.ts'

/** A ride's rider stays the same. */
export const ownersRights: Rights = { hear: () => undefined, now: () => 'owner' }

export interface KnownRide {
  readonly rideId: string
  readonly riderId: string
  readonly visibility: Visibility
  /** With which it had that visibility. */
  readonly version: number
}

/** Of somebody else than the rider: all, until the rider takes the ride back. */
export function othersRights(viewer: Viewer, { rideId, riderId, visibility, version }: KnownRide): Rights {
  let known = { visibility, version }
  return {
    hear(event) {
      const told = event.version > known.version ? visibilityIn(event) : undefined
      if (told !== undefined) known = { visibility: told, version: event.version }
    },
    now: () => (maySee(viewer, { rideId, riderId, visibility: known.visibility }) ? 'other' : undefined),
  }
}

function visibilityIn(recorded: RecordedEvent): Visibility | undefined {
  // Without its data it comes again, with it, before anything behind it is given.
  if (recorded.type !== ('RideEdited' satisfies RideEventType) || recorded.data === null) return undefined
  const event = decodeRideEvent(recorded)
  return event.type === 'RideEdited' ? event.changes.visibility : undefined
}

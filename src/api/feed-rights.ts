/** What a viewer is shown of a ride's feed, as a class of viewers who are shown the same, found anew before each event. */
import type { Rights } from '#live/feed-cursor.ts'
import { type Sink, type Source, sourceOf } from '#live/source.ts'
import type { RecordedEvent } from '#log/read.ts'
import { decodeRideEvent } from '#ride/encoding.ts'
import type { RideChanges, RideEventType } from '#ride/events.ts'
import { maySee, type Visible } from '#rights/may-see.ts'
import type { Viewer } from '#rights/viewer.ts'
import { asGraphQLError } from './errors.ts'

/** A ride's rider stays the same. */
export function ownersRights(viewer: Viewer): Rights {
  return {
    hear: () => undefined,
    now() {
      refuseOutdated(viewer)
      return 'owner'
    },
  }
}

export interface KnownRide extends Visible {
  /** With which it had that visibility and these share links. */
  readonly version: number
}

/** Of somebody else than the rider: all, until the rider takes the ride back, or the link that he came with is over. */
export function othersRights(viewer: Viewer, ride: KnownRide, clock: () => number): Rights {
  const { rideId, riderId } = ride
  const link = viewer.share?.shareId
  // Each by itself: what the tail tells may come before what is still to be read.
  let visibility = { value: ride.visibility, version: ride.version }
  let share = { value: ride.shares?.find(({ id }) => id === link), version: ride.version }
  return {
    hear(event) {
      const changes = changesIn(event)
      if (changes === undefined) return
      const { version } = event
      if (changes.visibility !== undefined && version > visibility.version) {
        visibility = { value: changes.visibility, version }
      }
      if (link !== undefined && version > share.version) {
        if (changes.share?.id === link) share = { value: changes.share, version }
        if (changes.unshare === link) share = { value: undefined, version }
      }
    },
    now() {
      refuseOutdated(viewer)
      const shares = share.value && [share.value]
      return maySee(viewer, { rideId, riderId, visibility: visibility.value, shares }, clock())
        ? 'other'
        : undefined
    },
  }
}

/** Gives what the source does, as long as the credential that it was opened with is good. */
export function whileCurrent<Item>(source: Source<Item>, viewer: Viewer): Source<Item> {
  return sourceOf(source.topic, (sink) => {
    const checked: Sink<Item> = {
      take(item, key, rights) {
        refuseOutdated(viewer)
        return sink.take(item, key, rights)
      },
      end: (failure) => sink.end(failure),
    }
    return source.begin(checked)
  })
}

/** Whoever gives this out ends what he gives. */
function refuseOutdated(viewer: Viewer): void {
  if (viewer.isCurrent()) return
  const message = 'What you signed in with has expired or was revoked. Sign in again, or send another token.'
  throw asGraphQLError('UNAUTHENTICATED', message)
}

function changesIn(recorded: RecordedEvent): RideChanges | undefined {
  // Without its data it comes again, with it, before anything behind it is given.
  if (recorded.type !== ('RideEdited' satisfies RideEventType) || recorded.data === null) return undefined
  const event = decodeRideEvent(recorded)
  return event.type === 'RideEdited' ? event.changes : undefined
}

/** What a viewer is shown of a ride's feed, as a class of viewers who are shown the same, found anew before each event. */
import type { Rights } from '#live/feed-cursor.ts'
import { type Sink, type Source, sourceOf } from '#live/source.ts'
import type { RecordedEvent } from '#log/read.ts'
import { decodeRideEvent } from '#ride/encoding.ts'
import type { RideChanges, RideEventType, Visibility } from '#ride/events.ts'
import { isOfSharesAlone, type RideShare } from '#ride/shares.ts'
import { maySee, type Visible } from '#rights/may-see.ts'
import type { Viewer } from '#rights/viewer.ts'
import { outdated } from './lack.ts'

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
export class OthersRights implements Rights {
  readonly #viewer: Viewer
  readonly #ride: KnownRide
  readonly #clock: () => number
  // Each with the version that it is known from: what the tail tells may come before what is still to be read.
  #visibility: Known<Visibility>
  #share: Known<RideShare | undefined>
  #masked: number
  #shared = 0

  constructor(viewer: Viewer, ride: KnownRide, clock: () => number) {
    const { version } = ride
    this.#viewer = viewer
    this.#ride = ride
    this.#clock = clock
    this.#visibility = { value: ride.visibility, version }
    this.#share = { value: this.#linkIn(ride), version }
    this.#masked = version
  }

  /**
   * With which version others came to be shown something else of the ride than before, as far as was heard. Of its links only the
   * first one changes that: from then on the ride is not whole.
   */
  changedAt(isWhole: boolean): number {
    return isWhole ? Math.max(this.#masked, this.#shared) : this.#masked
  }

  hear(event: RecordedEvent): void {
    const { version, type } = event
    if (type === masking) this.#masked = Math.max(this.#masked, version)
    const changes = changesIn(event)
    if (changes === undefined) return
    if (changes === 'unreadable') {
      this.#takeBack(version)
      return
    }
    if (isOfSharesAlone(changes)) this.#shared = Math.max(this.#shared, version)
    const { visibility, share, unshare } = changes
    if (visibility !== undefined && version > this.#visibility.version) {
      this.#visibility = { value: visibility, version }
    }
    const link = this.#viewer.share?.shareId
    if (link === undefined || version <= this.#share.version) return
    if (share?.id === link) this.#share = { value: share, version }
    if (unshare === link) this.#share = { value: undefined, version }
  }

  /** Perhaps the event does. */
  #takeBack(version: number): void {
    if (version > this.#visibility.version) this.#visibility = { value: 'PRIVATE', version }
    if (version > this.#share.version) this.#share = { value: undefined, version }
  }

  /** What was read of the ride elsewhere. */
  learn(ride: KnownRide): void {
    const { version, visibility } = ride
    if (version > this.#visibility.version) this.#visibility = { value: visibility, version }
    if (version > this.#share.version) this.#share = { value: this.#linkIn(ride), version }
  }

  now(): string | undefined {
    refuseOutdated(this.#viewer)
    const { rideId, riderId } = this.#ride
    const share = this.#share.value
    const ride = { rideId, riderId, visibility: this.#visibility.value, shares: share && [share] }
    return maySee(this.#viewer, ride, this.#clock()) ? 'other' : undefined
  }

  #linkIn({ shares }: KnownRide): RideShare | undefined {
    return shares?.find(({ id }) => id === this.#viewer.share?.shareId)
  }
}

interface Known<Value> {
  readonly value: Value
  readonly version: number
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
  const refusal = outdated(viewer)
  if (refusal !== undefined) throw refusal
}

const edit: RideEventType = 'RideEdited'
const masking: RideEventType = 'RideMasked'

/** What cannot be read, a newer program's, must not reach the tail as a fault: everybody's feeds hang on it. */
function changesIn(recorded: RecordedEvent): RideChanges | 'unreadable' | undefined {
  // Without its data it comes again, with it, before anything behind it is given.
  if (recorded.type !== edit || recorded.data === null) return undefined
  try {
    const event = decodeRideEvent(recorded)
    return event.type === 'RideEdited' ? event.changes : undefined
  } catch {
    return 'unreadable'
  }
}

/**
 * What can happen to a ride. This file is the room's first: read it, then `ride.ts`.
 *
 * Every event carries its own time (`at`, milliseconds since 1970, by the device's clock) and, so that
 * whoever reads one event alone can tell how the ride stands after it, its status or the running numbers
 * where they are not plain from the type.
 */
import type { Mask } from './mask.ts'
import type { Position } from './position.ts'
import type { RideShare } from './shares.ts'

export type RideStatus = 'ACTIVE' | 'PAUSED' | 'ENDED' | 'FINISHED'
export type Visibility = 'PRIVATE' | 'UNLISTED' | 'PUBLIC'

/** Running numbers of a ride: metres, seconds, metres per second. */
export interface RideProgress {
  readonly distance: number
  /** Without pauses and stops. */
  readonly movingTime: number
  /** Without pauses. */
  readonly timerTime: number
  readonly speed: number | null
}

/** A field left out stays as it is; null clears it. */
export interface RideChanges {
  readonly title?: string | null
  readonly description?: string | null
  readonly visibility?: Visibility
  /** A share link that is given, or given anew with another end. */
  readonly share?: RideShare
  /** The id of one that is taken back. */
  readonly unshare?: string
}

export interface RideStarted {
  readonly type: 'RideStarted'
  readonly at: number
  readonly riderId: string
  readonly title: string | null
  readonly visibility: Visibility
  /** Left out where the rider never had a zone. */
  readonly mask?: Mask
}
/** One accepted upload: 1 to 1000 positions, as the client reported them. */
export interface RidePositionsRecorded {
  readonly type: 'RidePositionsRecorded'
  /** The newest position's. */
  readonly at: number
  readonly positions: readonly Position[]
  readonly progress: RideProgress
}
export interface RidePaused {
  readonly type: 'RidePaused'
  readonly at: number
  readonly progress: RideProgress
}
export interface RideResumed {
  readonly type: 'RideResumed'
  readonly at: number
  readonly progress: RideProgress
}
/** The rider's word that the ride is over. */
export interface RideEnded {
  readonly type: 'RideEnded'
  readonly at: number
  readonly progress: RideProgress
}
/** The system's word that the route has been built. Not the last event: edits and deletion come after it. */
export interface RideFinished {
  readonly type: 'RideFinished'
  readonly at: number
  /** The track's own numbers, in which everything is in its place; null where they are not known. */
  readonly progress: RideProgress | null
}
export interface RideEdited {
  readonly type: 'RideEdited'
  readonly at: number
  readonly changes: RideChanges
  readonly status: RideStatus
}

/** The system's word on what others are not shown of the ride, of what came before as of what comes. */
export interface RideMasked {
  readonly type: 'RideMasked'
  readonly at: number
  readonly mask: Mask
  /** Whether others may learn that a ride has ended that ended in a zone: a while after it did (see `masking/`). */
  readonly isEndKnown: boolean
  readonly status: RideStatus
}

/** The end of the ride's stream: all that was recorded of it goes. */
export interface RideDeleted {
  readonly type: 'RideDeleted'
  readonly at: number
  /** As it was until then. */
  readonly status: RideStatus
}

export type RideEvent =
  | RideStarted
  | RidePositionsRecorded
  | RidePaused
  | RideResumed
  | RideEnded
  | RideFinished
  | RideEdited
  | RideMasked
  | RideDeleted

export type RideEventType = RideEvent['type']

/** The ride's status right after the event. */
export function statusAfter(event: RideEvent): RideStatus {
  switch (event.type) {
    case 'RideStarted':
    case 'RidePositionsRecorded':
    case 'RideResumed':
      return 'ACTIVE'
    case 'RidePaused':
      return 'PAUSED'
    case 'RideEnded':
      return 'ENDED'
    case 'RideFinished':
      return 'FINISHED'
    case 'RideEdited':
    case 'RideMasked':
    case 'RideDeleted':
      return event.status
    default:
      return event satisfies never
  }
}

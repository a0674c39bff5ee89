/**
 * What is written down of a ride while it is recorded, in the order in which it came about: the queue. Each entry is kept in
 * this browser before anything is done about it, so that after a reload, or a dead battery, what there is to send is known
 * from them alone (`recording.ts`).
 */
import type { RideStatus } from '../rides/documents.ts'
import type { Recording } from './recording.ts'

export type Visibility = 'PRIVATE' | 'UNLISTED' | 'PUBLIC'

/** A place that the device told. SI units; `at` in milliseconds since 1970, by the ride's clock. */
export interface TakenPosition {
  readonly at: number
  readonly latitude: number
  readonly longitude: number
  readonly altitude?: number
  readonly speed?: number
  readonly heading?: number
  readonly accuracy?: number
  readonly battery?: number
}

export type Entry =
  | {
      readonly type: 'RideStarted'
      readonly rideId: string
      readonly at: number
      readonly title: string | null
      readonly visibility: Visibility
    }
  | { readonly type: 'PositionTaken'; readonly position: TakenPosition }
  | {
      readonly type: 'RidePaused' | 'RideResumed' | 'RideEnded'
      readonly commandId: string
      readonly at: number
    }
  /** The ride was paused elsewhere while it is recorded here: before what waits, it goes on. */
  | { readonly type: 'ResumedFirst'; readonly commandId: string; readonly at: number }
  /** The server knows of a later command: what stands first is given at that time instead; null: when the server takes it. */
  | { readonly type: 'Retimed'; readonly commandId: string; readonly at: number | null }
  /** From now on the next `count` positions that wait go under this id, however often they are sent. */
  | { readonly type: 'UploadMade'; readonly uploadId: string; readonly count: number }
  /** The server has what stands first. */
  | { readonly type: 'Answered'; readonly id: string }
  /** The server does not take this upload, and goes on with what stands behind it. */
  | { readonly type: 'Refused'; readonly id: string; readonly refusal: Refusal }
  /** There was no room here. What stood before, and the positions that the server has, are gone: this is what they came to. */
  | {
      readonly type: 'Freed'
      readonly recording: Recording
      /** Index of the first of these among all that were taken. */
      readonly from: number
      readonly positions: readonly TakenPosition[]
      /** Before the first of these. */
      readonly metres: number
    }
  /** The server takes nothing more of this ride. */
  | { readonly type: 'Stopped'; readonly refusal: Refusal }

export interface Refusal {
  readonly code: string
  readonly message: string
  /** That the ride has on the server, where it is about that. */
  readonly status?: RideStatus
}

/** A ride on the map, and how it gets from where it was drawn to where it now is. */
import { type Glide, type Gliding, glideOn, nowhere, type Place, standing } from './glide.ts'

export interface RideOnMap {
  rideId: string
  /** Fixes of before are not glided to again. */
  version: number
  /** `stale`: nothing was heard of it for so long that it may be elsewhere. */
  status: 'active' | 'paused' | 'stale'
  label: string | null
  /** Where it is. `through` are the fixes on the way there, oldest first, where more is known than the last. */
  place: Place
  through: readonly Place[]
  /** It did not ride here, as after a pause: it is set down instead of gliding. */
  isSetDown: boolean
  heading: number | null
}

export interface Moving {
  ride: RideOnMap
  glide: Glide
  reportedMs: number
  /** Where it is now; kept, and changed with every frame. */
  readonly at: Gliding
  /** Where that is on the map, in CSS pixels. */
  x: number
  y: number
  /** As it was drawn last. */
  readonly drawn: { x: number; y: number; heading: number | null }
  isInView: boolean
  /** It is drawn as one of many, not by itself. */
  isClustered: boolean
}

/**
 * Changes `before`, or makes the ride where there is none.
 *
 * @param isCalm the viewer asked for less motion: every ride is set down.
 */
export function move(before: Moving | undefined, ride: RideOnMap, nowMs: number, isCalm: boolean): Moving {
  if (before === undefined) {
    return {
      ride,
      glide: standing(ride.place, ride.heading, nowMs),
      reportedMs: nowMs,
      at: nowhere(),
      x: Number.NaN,
      y: Number.NaN,
      drawn: { x: Number.NaN, y: Number.NaN, heading: null },
      isInView: false,
      isClustered: false,
    }
  }
  const isNews = ride.version > before.ride.version
  // What is known of how it looks is the newest in any case.
  before.ride = isNews ? ride : { ...before.ride, label: ride.label, status: ride.status }
  if (!isNews) return before
  const fixes = ride.through.length > 0 ? ride.through : [ride.place]
  before.glide =
    isCalm || ride.isSetDown
      ? standing(ride.place, ride.heading, nowMs)
      : glideOn(before.glide, fixes, ride.heading, nowMs - before.reportedMs, nowMs)
  before.reportedMs = nowMs
  before.at.isDone = false
  return before
}

/** A ride on the map, and how it gets from where it was drawn to where it now is. */
import { type Glide, glideOn, type Place, standing } from './glide.ts'

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
}

/**
 * @param isCalm the viewer asked for less motion: every ride is set down.
 */
export function move(before: Moving | undefined, ride: RideOnMap, nowMs: number, isCalm: boolean): Moving {
  if (before === undefined || isCalm) {
    return { ride, glide: standing(ride.place, ride.heading, nowMs), reportedMs: nowMs }
  }
  if (ride.version <= before.ride.version)
    return { ...before, ride: { ...before.ride, label: ride.label, status: ride.status } }
  if (ride.isSetDown) return { ride, glide: standing(ride.place, ride.heading, nowMs), reportedMs: nowMs }
  const fixes = ride.through.length > 0 ? ride.through : [ride.place]
  const glide = glideOn(before.glide, fixes, ride.heading, nowMs - before.reportedMs, nowMs)
  return { ride, glide, reportedMs: nowMs }
}

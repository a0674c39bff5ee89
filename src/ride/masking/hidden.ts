/**
 * A ride as others are shown it. They are never shown a place in one of its rider's privacy zones, nor how long the way there
 * was: from the lengths of the hidden ways the place at their end could be worked out (Hassan et al., "Analysis of Privacy
 * Protections in Fitness Tracking Social Networks", USENIX Security 2018, found 95 % of zones by them). So to others a ride
 * begins with the first position outside and ends with the last one: times, versions and all numbers count from there.
 *
 * This file is the room's first: which samples are hidden. `masked-track.ts` is the ride once it has ended, as a whole;
 * `masked-fold.ts` goes along with it while it is ridden.
 */
import type { Zone } from '#ride/mask.ts'
import type { Position } from '#ride/position.ts'
import { distanceBetween, type Place } from '#ride/track/geodesy.ts'
import { isFix } from '#ride/track/segment.ts'
import { isUsable, sensorsOf } from '#ride/track/usable.ts'

export function isInside(zones: readonly Zone[], place: Place): boolean {
  return zones.some((zone) => distanceBetween(zone, place) <= zone.radius)
}

export interface Sifted {
  /** Of each sample what others are shown; null where that is nothing. */
  readonly shown: readonly (Position | null)[]
  /** Of the last sample. */
  readonly isHidden: boolean
}

/**
 * What others may see of samples, in the order of their times. A sample without a usable place is where the last one before it
 * was; what its receiver said all the same is not believed, and is taken out where it is in a zone.
 */
export function sift(zones: readonly Zone[], samples: readonly Position[], wasHidden: boolean): Sifted {
  let isHidden = wasHidden
  const shown = samples.map((sample) => {
    if (isUsable(sample)) isHidden = isInside(zones, sample)
    if (isHidden) return null
    return isFix(sample) && isInside(zones, sample) ? sensorsOf(sample) : sample
  })
  return { shown, isHidden }
}

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
import { isUsable } from '#ride/track/usable.ts'

export function isInside(zones: readonly Zone[], place: Place): boolean {
  return zones.some((zone) => distanceBetween(zone, place) <= zone.radius)
}

export interface Sifted {
  readonly visible: readonly Position[]
  /** Of the last sample. */
  readonly isHidden: boolean
}

/**
 * Which of the samples, in the order of their times, others may see. A sample without a usable place is where the last one
 * before it was; what its receiver said all the same is not believed, and could be the very place.
 */
export function sift(zones: readonly Zone[], samples: readonly Position[], wasHidden: boolean): Sifted {
  const visible: Position[] = []
  let isHidden = wasHidden
  for (const sample of samples) {
    if (isUsable(sample)) isHidden = isInside(zones, sample)
    if (!isHidden) visible.push(sample)
  }
  return { visible, isHidden }
}

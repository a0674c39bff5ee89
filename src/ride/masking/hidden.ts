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
import { possibleSpeed } from '#ride/track/possible.ts'
import { isFix } from '#ride/track/segment.ts'
import { faultOf } from '#ride/track/usable.ts'

export function isInside(zones: readonly Zone[], place: Place): boolean {
  return zones.some((zone) => distanceBetween(zone, place) <= zone.radius)
}

/** Where the rider is, as far as it says whether others may be shown it. */
export interface Whereabouts {
  readonly isHidden: boolean
  /** How many places in a row were outside, each to be reached from the one before it. */
  readonly outside: number
  readonly last: (Place & { readonly at: number }) | null
}

/** At first nobody knows. */
export const unknownWhereabouts: Whereabouts = { isHidden: true, outside: 0, last: null }

/**
 * So many places outside, one behind the other, before a rider is believed to be there: receivers begin with last night's place,
 * or leap, and what is shown once tells when he set out or came home.
 */
const enoughOutside = 3

export interface Sifted {
  /** Of each sample what others are shown; null where that is nothing. */
  readonly shown: readonly (Position | null)[]
  /** At the last sample. */
  readonly whereabouts: Whereabouts
}

/**
 * What others may see of samples, in the order of their times. One place in a zone hides the rider, however little it is to be
 * believed; a sample without a place is where the last one was.
 */
export function sift(
  zones: readonly Zone[],
  samples: readonly Position[],
  { isHidden, outside, last }: Whereabouts,
): Sifted {
  const shown = samples.map((sample) => {
    if (!isFix(sample)) return isHidden ? null : sample
    const fault = faultOf(sample)
    // Nowhere on earth.
    if (fault === 'OUT_OF_RANGE') return isHidden ? null : sample
    const { at, latitude, longitude, accuracy = 0 } = sample
    const doubt = fault === undefined ? 0 : accuracy
    const place = { at, latitude, longitude }
    if (isInside(zones, place) || (doubt > 0 && isNear(zones, place, doubt))) {
      isHidden = true
      outside = 0
      last = place
      return null
    }
    if (fault === undefined) {
      // The very same place again is what a receiver repeats that has none.
      if (last?.latitude !== latitude || last.longitude !== longitude) {
        outside = last !== null && isWithinReach(last, place) ? outside + 1 : 1
      }
      last = place
      if (outside >= enoughOutside) isHidden = false
    }
    return isHidden ? null : sample
  })
  return { shown, whereabouts: { isHidden, outside, last } }
}

function isNear(zones: readonly Zone[], place: Place, metres: number): boolean {
  return zones.some((zone) => distanceBetween(zone, place) <= zone.radius + metres)
}

function isWithinReach(from: Place & { readonly at: number }, to: Place & { readonly at: number }): boolean {
  return distanceBetween(from, to) <= (possibleSpeed * Math.abs(to.at - from.at)) / 1000
}

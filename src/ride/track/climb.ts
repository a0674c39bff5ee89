/** Climbing: the altitude's rises and falls, without what only the instrument did. */

import type { Position } from '#ride/position.ts'
import { distanceBetween } from './geodesy.ts'
import { median } from './median.ts'
import type { Track } from './segment.ts'
import { sharesByIntervals } from './third-difference.ts'

export interface Climb {
  /** Metres; null where no altitude was measured. */
  readonly elevationGain: number | null
  readonly elevationLoss: number | null
}

/**
 * The sum of rises, and of falls, each counted from the last turning level once it is as much as the hysteresis. Altitudes of
 * samples without a fix count: a barometer works in a tunnel. What changed while the timer stood still does not: that was the
 * weather, a calibration, or a train; less than the hysteresis may be the last metres to where he stopped, and stays.
 */
export function climbOf(track: Track, hysteresis = hysteresisOf(track)): Climb {
  let elevationGain: number | null = null
  let elevationLoss: number | null = null
  climbAlong(track, hysteresis, (gain, loss) => {
    elevationGain = gain
    elevationLoss = loss
  })
  return { elevationGain, elevationLoss }
}

/** Metres climbed until each of all samples in a row; null before the first altitude. The last is that of `climbOf`. */
export function climbedAlong(track: Track, hysteresis = hysteresisOf(track)): (number | null)[] {
  const climbed: (number | null)[] = []
  climbAlong(track, hysteresis, (gain) => climbed.push(gain))
  return climbed
}

/** Tells `reached` at each sample how much was climbed and descended until then. */
function climbAlong(
  { segments }: Track,
  hysteresis: number,
  reached: (gain: number | null, loss: number | null) => void,
): void {
  let gain = 0
  let loss = 0
  let level: number | undefined
  let last: number | undefined
  for (const { samples } of segments) {
    let isFirst = true
    for (const { altitude } of samples) {
      if (altitude !== undefined) {
        if (level === undefined || last === undefined) level = altitude
        else if (isFirst && Math.abs(altitude - last) >= hysteresis - 1e-6) level += altitude - last
        isFirst = false
        last = altitude
        const change = altitude - level
        // Altitudes come in steps of a decimetre or two, whose sums are not exact in binary.
        if (Math.abs(change) >= hysteresis - 1e-6) {
          if (change > 0) gain += change
          else loss -= change
          level = altitude
        }
      }
      if (level === undefined) reached(null, null)
      else reached(gain, loss)
    }
  }
}

/** Metres: a barometer trembles by less. */
const barometric = 2
/** Metres: an altitude by satellites wanders by as much while its receiver lies still. */
const bySatellites = 10

/**
 * Which kind of instrument it was, by its data. A barometer's altitudes tremble by a tenth of a metre or two and stay where
 * they are while the rider does; those of a phone tremble by half a metre and more, or, filtered, drift by metres in the
 * minutes that he stands. Where neither can be seen, it was a barometer unless it was a phone, which says how accurate its
 * fixes are.
 */
export function hysteresisOf(track: Track): number {
  const trembling = tremblingOf(track, closeMs)
  if (trembling !== undefined && trembling > trembleBound) return bySatellites
  const drift = medianOf(driftsOf(track), fewestStops)
  if (drift !== undefined) return drift > driftBound ? bySatellites : barometric
  // Further apart hills tremble, too: what is calm there is a barometer, what is not may be one.
  const calm = trembling ?? tremblingOf(track, sparseMs)
  if (calm !== undefined && calm <= trembleBound) return barometric
  return track.segments.some(({ fixes }) => fixes.some(({ accuracy }) => accuracy !== undefined))
    ? bySatellites
    : barometric
}

/** Metres, one standard deviation. */
const trembleBound = 0.5
const fewestTrembles = 60
/** Metres between the highest and the lowest of a stop. */
const driftBound = 1.5
const fewestStops = 3
/** A stop: so long within so many metres. */
const stopMs = 30_000
const stopRadius = 15
const closeMs = 2_500
const sparseMs = 7_500

/** Metres, one standard deviation: by the third differences of altitudes at intervals up to a bound; undefined by too few. */
function tremblingOf(track: Track, longestMs: number): number | undefined {
  const differences: number[] = []
  const sharesOf = sharesByIntervals()
  for (const { samples } of track.segments) {
    const measured = samples.filter(hasAltitude)
    for (let index = 3; index < measured.length; index++) {
      const a = measured[index - 3]!
      const b = measured[index - 2]!
      const c = measured[index - 1]!
      const d = measured[index]!
      if (b.at - a.at > longestMs || c.at - b.at > longestMs || d.at - c.at > longestMs) continue
      const shares = sharesOf(b.at - a.at, c.at - a.at, d.at - a.at)
      if (shares === undefined) continue
      differences.push(
        Math.abs(
          shares[1] * (b.altitude - a.altitude) +
            shares[2] * (c.altitude - a.altitude) +
            shares[3] * (d.altitude - a.altitude),
        ),
      )
    }
  }
  const middle = medianOf(differences, fewestTrembles)
  return middle === undefined ? undefined : middle / 0.6745
}

/** How far apart the altitudes of each stop are. */
function driftsOf(track: Track): number[] {
  const drifts: number[] = []
  for (const { fixes } of track.segments) {
    const measured = fixes.filter(hasAltitude)
    for (let from = 0, to = 1; to <= measured.length; to++) {
      const begin = measured[from]!
      if (to < measured.length && distanceBetween(begin, measured[to]!) <= stopRadius) continue
      const stop = measured.slice(from, to)
      if (stop.at(-1)!.at - begin.at >= stopMs) drifts.push(rangeOf(stop.map(({ altitude }) => altitude)))
      from = to
    }
  }
  return drifts
}

function rangeOf(values: readonly number[]): number {
  const least = values.reduce((a, b) => Math.min(a, b))
  return values.reduce((a, b) => Math.max(a, b)) - least
}

function hasAltitude<Sample extends Position>(
  sample: Sample,
): sample is Sample & { readonly altitude: number } {
  return sample.altitude !== undefined
}

function medianOf(values: readonly number[], fewest: number): number | undefined {
  return values.length < fewest ? undefined : median(Float64Array.from(values))
}

/**
 * Where somebody points along a ride, and which stretch of it he has picked: what the charts, the map, the splits and the playback
 * share. Outside React, for it changes with every frame.
 */
import type { Place } from '../map/glide.ts'
import { type Cell, createCell } from '../state/cell.ts'
import { nearestIndex, placeAt, type Samples, valueWhere } from './samples.ts'
import type { Stretch } from './stretch.ts'
import { placeOn, type Way } from './way.ts'

export interface Moment {
  /** Seconds since the start. */
  readonly time: number
  /** Of the sample that is nearest in time: its values are those that are shown. */
  readonly index: number
}

export interface Moments {
  readonly moment: Cell<Moment | null>
  /** That was picked, by hand. */
  readonly stretch: Cell<Stretch | null>
  /** That is pointed at, such as a split. */
  readonly glanced: Cell<Stretch | null>
  /** While the ride is played back, who only passes over it moves nothing. */
  readonly isPlaying: Cell<boolean>
}

export function createMoments(): Moments {
  return {
    moment: createCell(null),
    stretch: createCell(null),
    glanced: createCell(null),
    isPlaying: createCell(false),
  }
}

export function momentOfSample({ time }: Samples, index: number): Moment {
  return { time: time[index] ?? 0, index }
}

export function momentAt({ time }: Samples, seconds: number): Moment {
  return { time: seconds, index: nearestIndex(time, seconds) }
}

/** At a sample its own place; between two on the way that was ridden between them. */
export function placeOfMoment(samples: Samples, way: Way, { time, index }: Moment): Place | null {
  if (samples.time[index] === time && samples.latitude[index] != null) return placeAt(samples, index)
  return placeOn(way, valueWhere(samples.time, time, samples.distance)) ?? placeAt(samples, index)
}

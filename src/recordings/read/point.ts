/** What is kept of a point of a track while its file is read, and what of the points does not come into the recording. */

import { counted, type LeftOut } from '#recordings/left-out.ts'
import type { Position } from '#ride/position.ts'
import { isMoreInOwn, ownSampleOf, type Readings, sampleOf } from './sample.ts'

/** A place as a file gives it, in degrees, unjudged. */
export interface Place {
  readonly latitude: number
  readonly longitude: number
}

/** What was read of a point of a track, in place of its elements. */
export interface RecordedPoint {
  /** Undefined where the point has no time. */
  readonly sample: Position | undefined
  /** What it is where the service has written the file, and only where it differs: that is known at the file's end. */
  readonly own: Position | undefined
  readonly outOfRange: Place | undefined
}

export function pointOf(at: number | undefined, readings: Readings): RecordedPoint {
  return {
    sample: at === undefined ? undefined : sampleOf(at, readings),
    own: at !== undefined && isMoreInOwn(readings) ? ownSampleOf(at, readings) : undefined,
    outOfRange: placeOutOfRange(readings),
  }
}

/** What is older was recorded before the device had learned the time; mostly it has, some samples later. */
export const gpsBeganAt = Date.UTC(1980, 0, 6)

/** Why points of a file are not in its recording. */
export function leftOutOf(points: readonly RecordedPoint[]): readonly LeftOut[] {
  return counted(
    points.flatMap(({ sample }) => {
      if (sample === undefined) return ['NO_TIME']
      return sample.at < gpsBeganAt ? ['CLOCK_NOT_SET'] : []
    }),
  )
}

/** The samples that have no place because the file's is none on Earth; what their sensors said is taken. */
export function withoutTheirPlace(points: readonly RecordedPoint[]): ReadonlySet<Position> {
  return new Set(
    points.flatMap(({ sample, own, outOfRange }) =>
      outOfRange === undefined ? [] : [sample, own].filter((one) => one !== undefined),
    ),
  )
}

/**
 * What a file gives for a place and is none: a coordinate beyond its range. A device's filler (180° twice) is not
 * meant as a place, nor is half of one.
 */
function placeOutOfRange({ latitude, longitude }: Readings): Place | undefined {
  if (latitude === undefined || longitude === undefined) return undefined
  if (isFiller(latitude) && isFiller(longitude)) return undefined
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? undefined : { latitude, longitude }
}

/** 0x7FFFFFFF semicircles are 180° but for the last digit. */
function isFiller(degrees: number): boolean {
  return Math.abs(Math.abs(degrees) - 180) < 1e-6
}

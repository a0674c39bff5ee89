/**
 * A recording as a TCX file: one lap, a track for each stretch between pauses.
 */

import type { Recording } from '#recordings/recording.ts'
import type { Position } from '#ride/position.ts'
import { stretchesOf } from './stretches.ts'

/** Times of a lap; a file has one lap unless told otherwise. */
export interface LapOptions {
  readonly startedAt: number
  /** Seconds of the device's timer. */
  readonly timer: number
  /** Metres, by the device. */
  readonly distance?: number
}

export function writeTcx(recording: Recording): string {
  const stretches = stretchesOf(recording)
  const timer = stretches.reduce((sum, stretch) => sum + (stretch.at(-1)!.at - stretch[0]!.at) / 1_000, 0)
  return tcxOf([writeLap({ startedAt: recording.startedAt, timer }, stretches)])
}

export function tcxOf(laps: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"
  xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2">
<Activities><Activity Sport="Biking"><Id>2026-05-01T08:00:00Z</Id>
${laps.join('\n')}
</Activity></Activities>
</TrainingCenterDatabase>
`
}

export function writeLap(
  { startedAt, timer, distance }: LapOptions,
  stretches: readonly (readonly Position[])[],
): string {
  const tracks = stretches.map((stretch) => `<Track>${stretch.map(trackpoint).join('\n')}</Track>`)
  const metres = distance === undefined ? '' : `<DistanceMeters>${distance}</DistanceMeters>`
  return `<Lap StartTime="${new Date(startedAt).toISOString()}"><TotalTimeSeconds>${timer}</TotalTimeSeconds>${metres}
${tracks.join('\n')}</Lap>`
}

function trackpoint(position: Position): string {
  const { at, latitude, longitude, altitude, speed, heartRate, cadence, power } = position
  const place =
    latitude === undefined
      ? ''
      : `<Position><LatitudeDegrees>${latitude}</LatitudeDegrees><LongitudeDegrees>${longitude}</LongitudeDegrees></Position>`
  return `<Trackpoint><Time>${new Date(at).toISOString()}</Time>${place}
${altitude === undefined ? '' : `<AltitudeMeters>${altitude}</AltitudeMeters>`}
${heartRate === undefined ? '' : `<HeartRateBpm><Value>${heartRate}</Value></HeartRateBpm>`}
${cadence === undefined ? '' : `<Cadence>${cadence}</Cadence>`}
<Extensions><ns3:TPX>${speed === undefined ? '' : `<ns3:Speed>${speed}</ns3:Speed>`}
${power === undefined ? '' : `<ns3:Watts>${power}</ns3:Watts>`}</ns3:TPX></Extensions></Trackpoint>`
}

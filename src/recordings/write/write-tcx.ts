/**
 * Garmin's Training Center XML, version 2
 * (http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2): one activity of one lap, a track for each segment. A
 * sample without a fix is a point without a position. What TCX cannot say is in our own elements (`ride-extension.ts`).
 */

import type { Position } from '#ride/position.ts'
import type { TrackStatistics } from '#ride/track/statistics.ts'
import type { ExportedRide } from './exported-ride.ts'
import { longitudeBelow180, sayable } from './schema-limits.ts'
import { furtherReadings, rideElement, rideNamespaceBinding } from './write-ride-extension.ts'
import { element, instant } from './write-xml.ts'

/** The ride as a document, a line or so at a time. */
export function* writeTcx(ride: ExportedRide): Generator<string> {
  const { title, description, track, statistics } = ride
  const startedAt = instant(track.startedAt)
  yield `<?xml version="1.0" encoding="UTF-8"?>
<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"
 xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2"
${rideNamespaceBinding}>
<Activities><Activity Sport="Biking"><Id>${startedAt}</Id>
<Lap StartTime="${startedAt}">
${lapSummary(statistics)}
`
  for (const { samples } of track.segments) {
    // A track has at least one point.
    if (samples.length === 0) continue
    yield '<Track>\n'
    for (const sample of samples) yield trackpoint(sample)
    yield '</Track>\n'
  }
  yield `<Extensions>
${rideElement(ride, { withTitle: true })}
</Extensions>
</Lap>
${element('Notes', description === null ? title : `${title}\n\n${description}`)}
</Activity></Activities>
</TrainingCenterDatabase>
`
}

/** The order is the schema's. */
function lapSummary(statistics: TrackStatistics): string {
  return [
    element('TotalTimeSeconds', statistics.timerTime),
    element('DistanceMeters', statistics.distance),
    element('MaximumSpeed', statistics.maxSpeed),
    // The schema lets it be left out, but readers count on it.
    '<Calories>0</Calories>',
    beatsPerMinute('AverageHeartRateBpm', statistics.averageHeartRate),
    beatsPerMinute('MaximumHeartRateBpm', statistics.maxHeartRate),
    '<Intensity>Active</Intensity>',
    element('Cadence', wholeWithin(statistics.averageCadence, 0, 254)),
    '<TriggerMethod>Manual</TriggerMethod>',
  ].join('')
}

function trackpoint(sample: Position): string {
  const { at, altitude, speed, heading, accuracy, battery } = sample
  const { said, unsaid } = sayable(sample)
  const { heartRate, cadence, power } = unsaid
  const measured = `${element('ns3:Speed', speed)}${element('ns3:Watts', said.power)}`
  const extensions = [
    measured === '' ? '' : `<ns3:TPX>${measured}</ns3:TPX>`,
    furtherReadings({ at, heading, accuracy, heartRate, cadence, power, battery }),
  ].join('')
  return `<Trackpoint>${[
    element('Time', instant(at)),
    placeOf(sample),
    element('AltitudeMeters', altitude),
    beatsPerMinute('HeartRateBpm', said.heartRate),
    element('Cadence', said.cadence),
    extensions === '' ? '' : `<Extensions>${extensions}</Extensions>`,
  ].join('')}</Trackpoint>\n`
}

function placeOf({ latitude, longitude }: Position): string {
  if (latitude === undefined || longitude === undefined) return ''
  const east = longitudeBelow180(longitude)
  return `<Position>${element('LatitudeDegrees', latitude)}${element('LongitudeDegrees', east)}</Position>`
}

function beatsPerMinute(name: string, value: number | null | undefined): string {
  const whole = wholeWithin(value, 1, 255)
  return whole === undefined ? '' : `<${name}>${element('Value', whole)}</${name}>`
}

function wholeWithin(value: number | null | undefined, least: number, most: number): number | undefined {
  if (value === null || value === undefined) return undefined
  const whole = Math.round(value)
  return whole >= least && whole <= most ? whole : undefined
}

/**
 * GPX 1.1 (https://www.topografix.com/GPX/1/1/): a segment of the file for each of the track. Sensors are written in
 * Garmin's extensions, which most programs read, and what is left in our own (`ride-extension.ts`).
 */

import type { Position } from '#ride/position.ts'
import type { Fix, Segment } from '#ride/track/segment.ts'
import type { ExportedRide } from './exported-ride.ts'
import { longitudeBelow180, sayable } from './schema-limits.ts'
import { furtherReadings, rideElement, rideNamespaceBinding, sampleElement } from './write-ride-extension.ts'
import { attributes, element, instant } from './write-xml.ts'

/** The ride as a document, a line or so at a time. */
export function* writeGpx(ride: ExportedRide): Generator<string> {
  const { title, description, track } = ride
  yield `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="Slipstream" xmlns="http://www.topografix.com/GPX/1/1"
 xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v2"
 xmlns:pwr="http://www.garmin.com/xmlschemas/PowerExtension/v1"
${rideNamespaceBinding}>
<metadata>${element('name', title)}${element('time', instant(track.startedAt))}</metadata>
<trk>
${element('name', title)}${element('desc', description)}<type>cycling</type>
<extensions>
${rideElement(ride, { withTitle: false })}
</extensions>
`
  for (const segment of track.segments) yield* trackSegment(segment)
  yield '</trk>\n</gpx>\n'
}

function* trackSegment({ samples, fixes }: Segment): Generator<string> {
  yield '<trkseg>\n'
  for (const fix of fixes) yield trackPoint(fix)
  const withoutFix = samples.filter(({ latitude }) => latitude === undefined)
  if (withoutFix.length > 0) {
    yield '<extensions>\n'
    for (const sample of withoutFix) yield `${sampleElement(sample)}\n`
    yield '</extensions>\n'
  }
  yield '</trkseg>\n'
}

function trackPoint(fix: Fix): string {
  const { at, latitude, longitude, altitude } = fix
  const extensions = extensionsOf(fix)
  const place = attributes({ lat: latitude, lon: longitudeBelow180(longitude) })
  return `<trkpt${place}>${element('ele', altitude)}<time>${instant(at)}</time>${extensions}</trkpt>\n`
}

/** The order is the schemas'. */
function extensionsOf(sample: Position): string {
  const { said, unsaid } = sayable(sample)
  const { accuracy, heartRate, cadence, power, battery, at } = unsaid
  const sensors = [
    element('gpxtpx:hr', said.heartRate),
    element('gpxtpx:cad', said.cadence),
    element('gpxtpx:speed', sample.speed),
    // A full circle is north.
    element('gpxtpx:course', sample.heading === undefined ? undefined : sample.heading % 360),
  ].join('')
  const all = [
    sensors === '' ? '' : `<gpxtpx:TrackPointExtension>${sensors}</gpxtpx:TrackPointExtension>`,
    element('pwr:PowerInWatts', said.power),
    furtherReadings({ at, accuracy, heartRate, cadence, power, battery }),
  ].join('')
  return all === '' ? '' : `<extensions>${all}</extensions>`
}

/**
 * GeoJSON (RFC 7946): one feature, a line for each segment that has two fixes. What was measured along the lines stands in
 * the properties, nested as the coordinates are, null where a fix has none.
 */

import type { Fix } from '#ride/segment.ts'
import type { ExportedRide } from './exported-ride.ts'
import { instant } from './write-xml.ts'

/** The ride as a document, a line of it at a time. */
export function* writeGeoJson(ride: ExportedRide): Generator<string> {
  const { id, title, description, track, statistics } = ride
  const lines = track.segments.map(({ fixes }) => fixes).filter((fixes) => fixes.length > 1)
  yield `{"type":"Feature","id":${JSON.stringify(id)},\n`
  if (lines.length === 0) {
    yield '"geometry":null,\n'
  } else {
    yield `"bbox":${JSON.stringify(boundsOf(lines))},\n"geometry":{"type":"MultiLineString","coordinates":`
    yield* nested(lines, coordinates)
    yield '},\n'
  }
  const { startedAt, endedAt } = track
  const times = { startedAt: instant(startedAt), endedAt: instant(endedAt) }
  yield `"properties":${JSON.stringify({ title, description, ...times, statistics }).slice(0, -1)}`
  for (const [name, value] of along) {
    if (!lines.some((fixes) => fixes.some((fix) => value(fix) !== undefined))) continue
    yield `,\n"${name}":`
    yield* nested(lines, (fix) => value(fix) ?? null)
  }
  yield '}}\n'
}

const along: readonly (readonly [string, (fix: Fix) => string | number | undefined])[] = [
  ['coordTimes', (fix) => instant(fix.at)],
  ['speeds', (fix) => fix.speed],
  ['heartRates', (fix) => fix.heartRate],
  ['cadences', (fix) => fix.cadence],
  ['powers', (fix) => fix.power],
]

function coordinates({ longitude, latitude, altitude }: Fix): number[] {
  return altitude === undefined ? [longitude, latitude] : [longitude, latitude, altitude]
}

function* nested(lines: readonly (readonly Fix[])[], value: (fix: Fix) => unknown): Generator<string> {
  for (const [number, fixes] of lines.entries()) {
    yield number === 0 ? '[[' : ',\n['
    for (const [index, fix] of fixes.entries()) yield `${index === 0 ? '' : ','}${JSON.stringify(value(fix))}`
    yield ']'
  }
  yield ']'
}

/**
 * West, south, east, north, with the altitudes between where there are any (RFC 7946, 5). The west is east of the east
 * where the ride went over the antimeridian (5.2).
 */
export function boundsOf(lines: readonly (readonly Fix[])[]): number[] {
  const east = new Range()
  const north = new Range()
  const up = new Range()
  let before: number | undefined
  for (const fixes of lines) {
    for (const { latitude, longitude, altitude } of fixes) {
      // Unrolled: each longitude is the one that lies nearest to the one before it, whatever turn it is in.
      const turns: number = before === undefined ? 0 : Math.round((before - longitude) / 360)
      before = longitude + 360 * turns
      east.add(before)
      north.add(latitude)
      if (altitude !== undefined) up.add(altitude)
    }
  }
  const [west, most] = east.most - east.least >= 360 ? [-180, 180] : [rolled(east.least), rolled(east.most)]
  if (up.least > up.most) return [west, north.least, most, north.most]
  return [west, north.least, up.least, most, north.most, up.most]
}

class Range {
  least = Number.POSITIVE_INFINITY
  most = Number.NEGATIVE_INFINITY

  add(value: number): void {
    if (value < this.least) this.least = value
    if (value > this.most) this.most = value
  }
}

/** To -180 … 180, and to the log's units, which the sum has left. */
function rolled(longitude: number): number {
  const turned = Math.abs(longitude) <= 180 ? longitude : longitude - 360 * Math.round(longitude / 360)
  return Math.round(turned * 1e7) / 1e7
}

/**
 * GeoJSON (RFC 7946): one feature, a line for each segment that has two fixes, cut where it crosses the antimeridian. What
 * was measured along the lines stands in the properties, nested as the coordinates are, null where there is none.
 */

import { boundingBoxOf, cutAtAntimeridian, type LinePoint } from '#ride/track/antimeridian.ts'
import type { Fix, Segment } from '#ride/track/segment.ts'
import type { ExportedRide } from './exported-ride.ts'
import { instant } from './write-xml.ts'

/** A fix, or where a line between two of them is cut. */
type Point = LinePoint & Partial<Fix>
type Line = readonly Point[]

/** The ride as a document, a point or so at a time. */
export function* writeGeoJson(ride: ExportedRide): Generator<string> {
  const { id, title, description, track, statistics } = ride
  const lines = track.segments.flatMap(linesOf)
  const bounds = boundsOf(lines)
  yield `{"type":"Feature","id":${JSON.stringify(id)},\n`
  if (bounds === undefined) {
    yield '"geometry":null,\n'
  } else {
    yield `"bbox":${JSON.stringify(bounds)},\n"geometry":{"type":"MultiLineString","coordinates":`
    yield* nested(lines, coordinates)
    yield '},\n'
  }
  const [startedAt, endedAt] = [instant(track.startedAt), instant(track.endedAt)]
  const properties = JSON.stringify({ title, description, startedAt, endedAt, statistics })
  yield `"properties":${properties.slice(0, -1)}`
  for (const [name, value] of along) {
    if (!lines.some((line) => line.some((point) => value(point) !== undefined))) continue
    yield `,\n"${name}":`
    yield* nested(lines, (point) => value(point) ?? null)
  }
  yield '}}\n'
}

const along: readonly (readonly [string, (point: Point) => string | number | undefined])[] = [
  ['coordTimes', ({ at }) => instant(Math.round(at))],
  ['speeds', ({ speed }) => speed],
  ['heartRates', ({ heartRate }) => heartRate],
  ['cadences', ({ cadence }) => cadence],
  ['powers', ({ power }) => power],
]

function linesOf({ fixes }: Segment): Line[] {
  const parts = cutAtAntimeridian(fixes)
  if (parts.length === 1) return fixes.length > 1 ? [fixes] : []
  const fixAt = new Map(fixes.map((fix) => [fix.at, fix]))
  // What was cut off at the very end of the line is a point, no line.
  const lines = parts.filter((part) => part.length > 1)
  return lines.map((part) => part.map((point) => ({ ...fixAt.get(point.at), ...point })))
}

/** Longitude, latitude and, where it is known, altitude, in the units of the log. */
function coordinates({ longitude, latitude, altitude }: Point): number[] {
  const place = [rounded(longitude, 1e7), rounded(latitude, 1e7)]
  return altitude === undefined ? place : [...place, rounded(altitude, 100)]
}

function rounded(value: number, unitsInOne: number): number {
  return Math.round(value * unitsInOne) / unitsInOne
}

function* nested(lines: readonly Line[], value: (point: Point) => unknown): Generator<string> {
  yield '['
  for (const [number, line] of lines.entries()) {
    yield number === 0 ? '[' : ',\n['
    for (const [index, point] of line.entries())
      yield `${index === 0 ? '' : ','}${JSON.stringify(value(point))}`
    yield ']'
  }
  yield ']'
}

/** West, south, east, north, with the least and the greatest altitude between them where there are any (RFC 7946, 5). */
function boundsOf(lines: readonly Line[]): number[] | undefined {
  const box = boundingBoxOf(lines)
  if (box === undefined) return undefined
  const southWest = { longitude: box.west, latitude: box.south }
  const northEast = { longitude: box.east, latitude: box.north }
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const line of lines) {
    for (const { altitude } of line) {
      if (altitude === undefined) continue
      lowest = Math.min(lowest, altitude)
      highest = Math.max(highest, altitude)
    }
  }
  const corners: Omit<Point, 'at'>[] =
    lowest > highest
      ? [southWest, northEast]
      : [
          { ...southWest, altitude: lowest },
          { ...northEast, altitude: highest },
        ]
  return corners.flatMap((corner) => coordinates({ at: 0, ...corner }))
}

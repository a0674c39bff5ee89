/** Lines across the 180th meridian, which a map has at both of its edges. */
import { shorterWay } from './geodesy.ts'
import type { Fix } from './segment.ts'

/** A point of a line; what is absent was not measured. */
export type LinePoint = Pick<Fix, 'at' | 'latitude' | 'longitude' | 'altitude'>

/**
 * The line in parts none of which crosses the meridian (RFC 7946, 3.1.9): one part ends on it where the next begins, there by
 * interpolation.
 */
export function cutAtAntimeridian(line: readonly LinePoint[]): LinePoint[][] {
  const parts: LinePoint[][] = [[]]
  for (const [index, point] of line.entries()) {
    const before = line[index - 1]
    if (before !== undefined && Math.abs(point.longitude - before.longitude) > 180) {
      const edge = before.longitude > 0 ? 180 : -180
      const crossing = crossingOf(before, point, edge)
      parts.at(-1)!.push({ ...crossing, longitude: edge })
      parts.push([{ ...crossing, longitude: -edge }])
    }
    parts.at(-1)!.push(point)
  }
  return parts.map(distinct)
}

function crossingOf(from: LinePoint, to: LinePoint, edge: number): LinePoint {
  const way = shorterWay(to.longitude - from.longitude)
  const share = way === 0 ? 0 : (edge - from.longitude) / way
  const part = (a: number, b: number): number => a + share * (b - a)
  return {
    at: part(from.at, to.at),
    latitude: part(from.latitude, to.latitude),
    longitude: edge,
    altitude:
      from.altitude === undefined || to.altitude === undefined
        ? to.altitude
        : part(from.altitude, to.altitude),
  }
}

/** A fix exactly on the meridian is the crossing itself. */
function distinct(part: readonly LinePoint[]): LinePoint[] {
  return part.filter((point, index) => point.at !== part[index - 1]?.at)
}

/** Degrees; `west` is more than `east` where the box crosses the 180th meridian (RFC 7946, 5.2). */
export interface BoundingBox {
  readonly west: number
  readonly south: number
  readonly east: number
  readonly north: number
}

/** The smallest box around lines, which is the whole circle of longitudes less the widest part of it where none of them is. */
export function boundingBoxOf(lines: readonly (readonly LinePoint[])[]): BoundingBox | undefined {
  let south = Number.POSITIVE_INFINITY
  let north = Number.NEGATIVE_INFINITY
  const spans: { from: number; to: number }[] = []
  for (const part of lines.flatMap(cutAtAntimeridian)) {
    let from = Number.POSITIVE_INFINITY
    let to = Number.NEGATIVE_INFINITY
    for (const { latitude, longitude } of part) {
      if (latitude < south) south = latitude
      if (latitude > north) north = latitude
      if (longitude < from) from = longitude
      if (longitude > to) to = longitude
    }
    if (from <= to) spans.push({ from, to })
  }
  if (spans.length === 0) return undefined
  return { south, north, ...shortestArc(spans) }
}

function shortestArc(spans: { from: number; to: number }[]): { west: number; east: number } {
  spans.sort((a, b) => a.from - b.from)
  const first = spans[0]!
  let east = first.to
  let widest = 0
  let around: { west: number; east: number } | undefined
  for (const { from, to } of spans.slice(1)) {
    if (from - east > widest) {
      widest = from - east
      around = { west: from, east }
    }
    east = Math.max(east, to)
  }
  const overTheEdge = first.from + 360 - east
  return around === undefined || overTheEdge >= widest ? { west: first.from, east } : around
}

/**
 * Land for a flat map. world-atlas has its land on the sphere: a ring that crosses the date line jumps from 180° to
 * -180°, and Antarctica's goes once round the pole; on a flat map such a ring would be a band across the world.
 *
 * Pure. Longitudes run on beyond ±180 instead, which the map draws on both sides.
 */
import type { Polygon, Position } from 'geojson'
import { type Box, nearestTurn } from './geodesy.ts'

/** The same polygon with rings that a flat map can fill. */
export function unwrapPolygon({ coordinates }: Polygon): Polygon {
  const [outer = [], ...holes] = coordinates.map(unwrapRing)
  const middle = middleOf(outer)
  const shift = nearestTurn(middle, 0) - middle
  return {
    type: 'Polygon',
    coordinates: [
      outer.map(([x = 0, y = 0]) => [x + shift, y]),
      ...holes.map((hole) => besides(hole, middle + shift)),
    ],
  }
}

/** The server's box over the date line has its west further east than its east (RFC 7946, 5.2). */
export function unwrapBox(box: Box): Box {
  return box.west <= box.east ? box : { ...box, east: box.east + 360 }
}

function unwrapRing(ring: Position[]): Position[] {
  const run: Position[] = []
  let before = ring[0]?.[0] ?? 0
  for (const [x = 0, y = 0] of ring) {
    before = nearestTurn(x, before)
    run.push([before, y])
  }
  const first = run[0]?.[0] ?? 0
  const isRoundThePole = Math.abs(before - first) > 180
  if (!isRoundThePole) return run
  const pole = run.reduce((sum, [, y = 0]) => sum + y, 0) > 0 ? 90 : -90
  return [...run, [before, pole], [first, pole], [first, run[0]?.[1] ?? pole]]
}

/** Moves a hole by whole turns to where its polygon is. */
function besides(hole: Position[], middle: number): Position[] {
  const own = middleOf(hole)
  const shift = nearestTurn(own, middle) - own
  return hole.map(([x = 0, y = 0]) => [x + shift, y])
}

function middleOf(ring: Position[]): number {
  let [west, east] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const [x = 0] of ring) {
    west = Math.min(west, x)
    east = Math.max(east, x)
  }
  return west > east ? 0 : (west + east) / 2
}

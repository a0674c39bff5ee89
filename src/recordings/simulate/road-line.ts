/**
 * The line of a simulated road, made as roads are laid out: straights that are joined by arcs. Junctions lie around a middle;
 * the way from one to the next winds, and steps aside here and there, as where a road follows the edge of a field.
 */

import type { Random } from './simulate-random.ts'

/** Metres. */
export interface Point {
  readonly east: number
  readonly north: number
}

export interface RoadLine {
  /** A closed line: behind the last point comes the first, `step` metres on as all others. */
  readonly points: readonly Point[]
  /** Metres between two points. */
  readonly step: number
}

/** No corner has a smaller radius, in metres: a town's junction, taken on a bicycle. */
export const tightestRadius = 10

/** Between two places where the road turns, in metres. */
const shortestLeg = 50
/** A sharper turn would be a hairpin, and its arc too tight for the legs beside it. */
const sharpestTurn = (110 * Math.PI) / 180
/** From here on a turn is one at a junction, and not a bend. */
const junctionTurn = (50 * Math.PI) / 180
const metresBetweenPoints = 6

/** About so many metres around `middle`. */
export function closedLine(length: number, middle: Point, random: Random): RoadLine {
  const wanted = withoutHairpins(scaled(wound(junctions(length, random), length, random), length))
  return evenly(rounded(wanted, random), middle)
}

/** Corners around the middle, as far out as chance has it. */
function junctions(length: number, random: Random): Point[] {
  const count = Math.max(5, Math.min(14, Math.round(length / 4_500)))
  const turned = 2 * Math.PI * random()
  return Array.from({ length: count }, (_, index) => {
    const direction = turned + (2 * Math.PI * (index + 0.6 * (random() - 0.5))) / count
    const reach = 0.55 + 0.9 * random()
    return { east: reach * Math.sin(direction), north: reach * Math.cos(direction) }
  }).map((point) => times(point, length / (2 * Math.PI)))
}

function wound(corners: readonly Point[], length: number, random: Random): Point[] {
  const detail = Math.max(220, length / 120)
  return corners.flatMap((from, index) => {
    const to = corners[(index + 1) % corners.length]!
    return aside(from, to, random).flatMap(([a, b]) => [a, ...between(a, b, detail, random)])
  })
}

/** A leg as it is, or with a step aside: two junctions, one to the left and one to the right. */
function aside(from: Point, to: Point, random: Random): [Point, Point][] {
  const leg = distance(from, to)
  if (leg < 1_200 || random() < 0.45) return [[from, to]]
  const corner = along(from, to, 0.3 + 0.4 * random())
  const step = (random() < 0.5 ? -1 : 1) * (80 + 170 * random())
  const next = sideways(corner, from, to, step)
  return [
    [from, corner],
    [corner, next],
    [next, to],
  ]
}

/** Midpoint displacement (Fournier, Fussell and Carpenter, Communications of the ACM 25/6, 1982), down to `detail`. */
function between(from: Point, to: Point, detail: number, random: Random): Point[] {
  const leg = distance(from, to)
  if (leg < 2 * detail) return []
  const isStraight = random() < 0.25
  const bend = isStraight ? 0 : (random() < 0.5 ? -1 : 1) * (0.06 + 0.12 * random())
  const middle = sideways(along(from, to, 0.4 + 0.2 * random()), from, to, bend * leg)
  return [...between(from, middle, detail, random), middle, ...between(middle, to, detail, random)]
}

function scaled(points: readonly Point[], length: number): Point[] {
  const around = points.reduce(
    (sum, point, index) => sum + distance(point, points[(index + 1) % points.length]!),
    0,
  )
  return points.map((point) => times(point, length / around))
}

/** Without the corners that are too sharp or too near to the last one; one at a time, for each changes its neighbours. */
function withoutHairpins(points: readonly Point[]): Point[] {
  const kept = [...points]
  const isBad = (point: Point, index: number): boolean => {
    const last = kept.at(index - 1)!
    const turn = turnAt(last, point, kept[(index + 1) % kept.length]!)
    return Math.abs(turn) > sharpestTurn || distance(last, point) < shortestLeg
  }
  for (let bad = kept.findIndex(isBad); bad !== -1; bad = kept.findIndex(isBad)) kept.splice(bad, 1)
  return kept
}

/** Each corner as an arc that begins and ends on its two legs. */
function rounded(corners: readonly Point[], random: Random): Point[] {
  return corners.flatMap((corner, index) => {
    const last = corners.at(index - 1)!
    const next = corners[(index + 1) % corners.length]!
    const turn = turnAt(last, corner, next)
    const half = Math.tan(Math.abs(turn) / 2)
    if (half < 1e-3) return [corner]
    const isJunction = Math.abs(turn) > junctionTurn
    const wanted = isJunction ? 12 + 10 * random() : 60 + 400 * random() ** 2
    const shorterLeg = Math.min(distance(last, corner), distance(corner, next))
    const radius = Math.min(wanted, (0.49 * shorterLeg) / half)
    return arc(corner, last, next, turn, radius)
  })
}

function arc(corner: Point, last: Point, next: Point, turn: number, radius: number): Point[] {
  const tangent = radius * Math.tan(Math.abs(turn) / 2)
  const begin = along(corner, last, tangent / distance(corner, last))
  const heading = Math.atan2(corner.east - last.east, corner.north - last.north)
  const parts = Math.max(2, Math.ceil((radius * Math.abs(turn)) / 3))
  const chord = 2 * radius * Math.sin(Math.abs(turn) / parts / 2)
  const points = [begin]
  for (let part = 0; part < parts; part++) {
    const direction = heading + (turn * (part + 0.5)) / parts
    const { east, north } = points.at(-1)!
    points.push({ east: east + chord * Math.sin(direction), north: north + chord * Math.cos(direction) })
  }
  // To the very place, so that rounding does not add up.
  points[points.length - 1] = along(corner, next, tangent / distance(corner, next))
  return points
}

/** The same line with a point every few metres. */
function evenly(corners: readonly Point[], middle: Point): RoadLine {
  const ends: number[] = []
  let length = 0
  for (const [index, corner] of corners.entries()) {
    length += distance(corner, corners[(index + 1) % corners.length]!)
    ends.push(length)
  }
  const count = Math.round(length / metresBetweenPoints)
  const step = length / count
  let leg = 0
  const points = Array.from({ length: count }, (_, index) => {
    const at = index * step
    while (ends[leg]! < at) leg++
    const from = corners[leg]!
    const to = corners[(leg + 1) % corners.length]!
    const begin = ends[leg - 1] ?? 0
    const { east, north } = along(from, to, (at - begin) / Math.max(1e-9, ends[leg]! - begin))
    return { east: middle.east + east, north: middle.north + north }
  })
  return { points, step }
}

/** To the right, in radians: -π to π. */
export function turnAt(last: Point, point: Point, next: Point): number {
  const [east, north] = [point.east - last.east, point.north - last.north]
  const [onEast, onNorth] = [next.east - point.east, next.north - point.north]
  return Math.atan2(north * onEast - east * onNorth, east * onEast + north * onNorth)
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(a.east - b.east, a.north - b.north)
}

function along(from: Point, to: Point, share: number): Point {
  return {
    east: from.east + share * (to.east - from.east),
    north: from.north + share * (to.north - from.north),
  }
}

/** `point`, moved so many metres to the right of the way from one to the other. */
function sideways(point: Point, from: Point, to: Point, metres: number): Point {
  const leg = distance(from, to)
  return {
    east: point.east + (metres * (to.north - from.north)) / leg,
    north: point.north - (metres * (to.east - from.east)) / leg,
  }
}

function times({ east, north }: Point, factor: number): Point {
  return { east: east * factor, north: north * factor }
}

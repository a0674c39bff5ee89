/**
 * A road that was never built: a closed loop over the hills of its country, with bends, junctions and traffic lights, asked by
 * the distance ridden.
 */

import { metresPerDegree } from '#ride/track/geodesy.ts'
import { closedLine, distance, type Point, turnAt } from './road-line.ts'
import type { Random } from './simulate-random.ts'
import { type Terrain, terrainFrom } from './terrain.ts'

export interface Place {
  /** Degrees north. */
  readonly latitude: number
  /** Degrees east. */
  readonly longitude: number
}

export interface Road {
  /** Metres once around. */
  readonly length: number
  /** What the road is like after so many metres. */
  readonly at: (metres: number) => RoadPlace
  /** How far around they stand, in metres. */
  readonly lights: readonly TrafficLight[]
}

export interface RoadPlace extends Place {
  /** Metres above sea level. */
  readonly altitude: number
  /** How steep it rises: 0.05 is 5 %. */
  readonly slope: number
  /** Degrees clockwise from north. */
  readonly heading: number
  /** What a rider does not go faster than, in metres a second: for the bends that are there or come. */
  readonly safeSpeed: number
}

export interface TrafficLight {
  readonly metres: number
  /** At so many seconds since 1970. */
  readonly isRed: (seconds: number) => boolean
}

/** Hills and roads around a place. */
export interface Country {
  /** A loop of about so many metres that begins so far from the middle. */
  readonly road: (length: number, from: Point, random: Random) => Road
}

export function countryAround(middle: Place, random: Random): Country {
  const terrain = terrainFrom(random)
  return { road: (length, from, chance) => roadOf(length, from, middle, terrain, chance) }
}

/** What a rider leans into, in metres a second squared: a quarter of what makes a tyre slip. */
const sideways = 2.6
/** How hard he brakes for a bend. */
const braking = 1.5
/** Nobody rides faster on these roads, in metres a second: 65 km/h. */
export const fastest = 18

function roadOf(length: number, from: Point, middle: Place, terrain: Terrain, random: Random): Road {
  const { points, step } = closedLine(length, { east: 0, north: 0 }, random)
  const [first] = points
  if (first === undefined) throw new Error('A road without a point')
  const easts = Float32Array.from(points, ({ east }) => east - first.east + from.east)
  const norths = Float32Array.from(points, ({ north }) => north - first.north + from.north)
  const altitudes = easts.map((east, index) => terrain(east, norths[index]!))
  const speeds = safeSpeeds(points, step)
  const { metresNorth, metresEast } = metresPerDegree(middle.latitude)
  const count = points.length

  return {
    length: count * step,
    lights: lightsOn(count * step, random),
    at: (metres) => {
      const steps = (metres / step) % count
      const index = Math.floor(steps)
      const next = (index + 1) % count
      const share = steps - index
      const between = (values: Float32Array): number =>
        values[index]! + share * (values[next]! - values[index]!)
      const east = easts[next]! - easts[index]!
      const north = norths[next]! - norths[index]!
      const heading = (Math.atan2(east, north) * 180) / Math.PI
      return {
        latitude: middle.latitude + between(norths) / metresNorth,
        longitude: middle.longitude + between(easts) / metresEast,
        altitude: between(altitudes),
        slope: (altitudes[next]! - altitudes[index]!) / step,
        heading: heading < 0 ? heading + 360 : heading,
        safeSpeed: between(speeds),
      }
    },
  }
}

/** As slow as the bend asks for, and before it as slow as it takes to brake. */
function safeSpeeds(points: readonly Point[], step: number): Float32Array {
  const count = points.length
  const speeds = Float32Array.from(points, (point, index) => {
    const last = points.at(index - 1)!
    const next = points[(index + 1) % count]!
    const radius = distance(last, next) / 2 / Math.max(1e-6, Math.abs(turnAt(last, point, next)))
    return Math.min(fastest, Math.sqrt(sideways * radius))
  })
  // Twice around, for what is slow behind the beginning is braked for before the end.
  for (let index = 2 * count; index >= 0; index--) {
    const next = speeds[(index + 1) % count]!
    const fastEnough = Math.sqrt(next * next + 2 * braking * step)
    if (speeds[index % count]! > fastEnough) speeds[index % count] = fastEnough
  }
  return speeds
}

function lightsOn(length: number, random: Random): TrafficLight[] {
  const lights: TrafficLight[] = []
  for (let metres = 400 + 1_500 * random(); metres < length - 200; metres += 900 + 4_000 * random()) {
    const cycle = 50 + 40 * random()
    const red = cycle * (0.3 + 0.25 * random())
    const phase = cycle * random()
    lights.push({ metres, isRed: (seconds) => (seconds + phase) % cycle < red })
  }
  return lights
}

/**
 * The road of a simulated ride: a closed, hilly loop, asked by the distance ridden.
 */

import type { Random } from './simulate-random.ts'

export interface Place {
  /** Degrees north. */
  readonly latitude: number
  /** Degrees east. */
  readonly longitude: number
}

export interface Loop {
  /** Metres once around. */
  readonly length: number
  /**
   * Where one is after so many metres, its altitude in metres, and how steep the road rises there (0.05 is 5
   * %).
   */
  readonly at: (distance: number) => Place & { readonly altitude: number; readonly slope: number }
}

/** How long a degree is on a sphere of the Earth's mean radius, in metres. */
export function metresPerDegree(latitude: number): { readonly latitude: number; readonly longitude: number } {
  const ofLatitude = (Math.PI / 180) * 6_371_008.8
  return { latitude: ofLatitude, longitude: ofLatitude * Math.cos((latitude * Math.PI) / 180) }
}

/** A loop of 15 to 30 km that begins and ends at `start`. */
export function loopAround(start: Place, random: Random): Loop {
  const radius = 2_000 + 2_000 * random()
  const bends = waves([2, 3, 5, 9], 0.35, random)
  const hills = waves([2, 5, 11, 23], 1, random)
  const climb = 40 + 80 * random()
  const valley = 60 + 500 * random()

  const outline = (turn: number) => {
    const reach = radius * (1 + bends(turn))
    return { north: reach * Math.cos(turn), east: reach * Math.sin(turn) }
  }
  const origin = outline(0)
  const corners = Array.from({ length: cornerCount + 1 }, (_, corner) => {
    const { north, east } = outline((2 * Math.PI * corner) / cornerCount)
    return { north: north - origin.north, east: east - origin.east, distance: 0 }
  })
  for (const [index, corner] of corners.entries()) {
    const before = corners[index - 1]
    if (before === undefined) continue
    corner.distance = before.distance + Math.hypot(corner.north - before.north, corner.east - before.east)
  }
  const length = corners.at(-1)!.distance
  const altitude = (distance: number): number => valley + climb * hills((2 * Math.PI * distance) / length)
  const scale = metresPerDegree(start.latitude)

  return {
    length,
    at: (distance) => {
      const along = distance % length
      const next = Math.max(1, firstBeyond(corners, along))
      const [a, b] = [corners[next - 1]!, corners[next]!]
      const share = (along - a.distance) / (b.distance - a.distance)
      return {
        latitude: start.latitude + (a.north + share * (b.north - a.north)) / scale.latitude,
        longitude: start.longitude + (a.east + share * (b.east - a.east)) / scale.longitude,
        altitude: altitude(along),
        slope: (altitude(along + slopeBase) - altitude(along - slopeBase)) / (2 * slopeBase),
      }
    },
  }
}

/** Enough that no stretch between two corners is longer than a rider moves in a few seconds. */
const cornerCount = 1_200
/** Metres to either side over which steepness is measured. */
const slopeBase = 10

/**
 * A sum of sines with whole numbers of periods around the loop, so that it ends where it began; within
 * ±`size`.
 */
function waves(periods: readonly number[], size: number, random: Random): (turn: number) => number {
  const total = periods.reduce((sum, period) => sum + 1 / period, 0)
  const parts = periods.map((period) => ({
    period,
    size: (size / period / total) * (0.5 + 0.5 * random()),
    phase: 2 * Math.PI * random(),
  }))
  return (turn) => parts.reduce((sum, part) => sum + part.size * Math.sin(part.period * turn + part.phase), 0)
}

function firstBeyond(corners: readonly { readonly distance: number }[], distance: number): number {
  let low = 0
  let high = corners.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (corners[middle]!.distance > distance) high = middle
    else low = middle + 1
  }
  return low
}

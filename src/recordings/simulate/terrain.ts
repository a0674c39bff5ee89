/**
 * The hills of a simulated country: one height for each place, so that roads that cross agree on it. A sum of waves in
 * random directions, long ones for the ranges and short ones for the rolling of the road. None is steeper than its share
 * of `steepest`, so neither is any road, whichever way it goes.
 */

import type { Random } from './simulate-random.ts'

/** Metres above sea level, at so many metres east and north of the middle. */
export type Terrain = (east: number, north: number) => number

/** How long each wave is, in metres, and the slope of its steepest place: 0.03 is 3 %. */
const waves = [
  { length: 30_000, slope: 0.026 },
  { length: 13_000, slope: 0.034 },
  { length: 6_000, slope: 0.036 },
  { length: 2_600, slope: 0.022 },
  { length: 900, slope: 0.009 },
] as const

/** Of all waves together; the steepest of the roads that cyclists are sent over. */
export const steepest = waves.reduce((sum, { slope }) => sum + slope, 0)

/** Of the lowest valley that there could be. */
const lowestValley = 40

export function terrainFrom(random: Random): Terrain {
  const parts = waves.map(({ length, slope }) => {
    const direction = 2 * Math.PI * random()
    const turn = (2 * Math.PI) / length
    return {
      height: slope / turn,
      perEast: turn * Math.sin(direction),
      perNorth: turn * Math.cos(direction),
      phase: 2 * Math.PI * random(),
    }
  })
  const middle = lowestValley + parts.reduce((sum, { height }) => sum + height, 0)
  return (east, north) => {
    let altitude = middle
    for (const { height, perEast, perNorth, phase } of parts) {
      altitude += height * Math.sin(perEast * east + perNorth * north + phase)
    }
    return altitude
  }
}

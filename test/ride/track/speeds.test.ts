import { describe, expect, test } from 'vitest'
import type { Position } from '#ride/position.ts'
import { along } from '#ride/track/along.ts'
import { splitsOf } from '#ride/track/splits.ts'
import { statisticsOf } from '#ride/track/statistics.ts'
import { trackOf } from '#ride/track/track.ts'
import { aroundCircle, rideOf, seconds } from './known-ride.ts'

/** On a straight road north, so many metres from the start at a second. */
const at = (second: number, metres: number): Position => ({
  at: seconds(second),
  latitude: Math.round((metres / 110_574.39) * 1e7) / 1e7,
  longitude: 10,
})
const aside = (position: Position, metres: number): Position => ({
  ...position,
  longitude: Math.round((10 + metres / 111_319.49) * 1e7) / 1e7,
})
const speedsOf = (positions: readonly Position[]) => statisticsOf(trackOf(rideOf(positions)))

describe('the top speed', () => {
  const steady = (interval: number) =>
    Array.from({ length: 60 }, (_, index) => at(index * interval, 5 * index * interval))

  test.each([1, 2, 3, 4, 5, 7])('is no record by one bad place, with a sample every %i s', (interval) => {
    for (const bad of [1, 2, 30, 58]) {
      const ride = steady(interval).map((position, index) =>
        index === bad ? aside(position, 25 * interval) : position,
      )
      expect(speedsOf(ride).maxSpeed).toBeCloseTo(speedsOf(ride).averageSpeed, 0)
      expect(speedsOf(ride).maxSpeed).toBeLessThan(8)
    }
  })

  test('is no record by one bad speed of the sensor, and the sensor is believed otherwise', () => {
    const measured = steady(1).map((position, index) => ({
      ...position,
      speed: index === 20 ? 26 : index > 40 && index < 45 ? 7.5 : 5,
    }))
    expect(speedsOf(measured).maxSpeed).toBe(7.5)
  })

  test('is that of a long leg, in which the device said nothing', () => {
    const [before, behind] = [steady(1), steady(1)]
    const ride = [
      ...before,
      ...behind.map((position, index) =>
        at((position.at - seconds(0)) / 1000 + 160, 59 * 5 + 101 * 15 + 5 * index),
      ),
    ]
    expect(speedsOf(ride).maxSpeed).toBeCloseTo(15, 1)
  })

  test('is that of two fixes, too, and never less than the average', () => {
    expect(speedsOf([at(0, 0)])).toMatchObject({ maxSpeed: 0, averageSpeed: 0 })
    expect(speedsOf([at(0, 0), at(2, 10)]).maxSpeed).toBeCloseTo(5, 2)
    const { maxSpeed, averageSpeed } = speedsOf([at(0, 0), at(1, 5), at(2, 35)])
    expect(averageSpeed).toBeCloseTo(17.5, 1)
    expect(maxSpeed).toBe(averageSpeed)
  })
})

describe('the average speed', () => {
  const silent = (from: number, to: number) =>
    aroundCircle({ circumference: 20_000, distanceAt: (second) => 10 * second, to: 2_000 }).filter(
      (_, second) => second <= from || second >= to,
    )

  test.each([119, 121, 400])('is that of what is known, with a gap of %i s', (length) => {
    const { averageSpeed, maxSpeed, distance, movingTime } = speedsOf(silent(500, 500 + length))
    expect(averageSpeed).toBeCloseTo(10, 1)
    expect(maxSpeed).toBeGreaterThanOrEqual(averageSpeed)
    expect(distance).toBeGreaterThan(19_700)
    expect(movingTime).toBe(length > 120 ? 2_000 - length : 2_000)
  })

  test('of a split is no faster either, though its way was ridden unseen', () => {
    const track = trackOf(rideOf(silent(500, 800)))
    const splits = splitsOf(track, along(track), 'KILOMETRE')
    expect(splits).toHaveLength(20)
    for (const { averageSpeed } of splits) expect(averageSpeed).toBeLessThan(10.1)
    expect(splits[6]).toMatchObject({ movingTime: 0, averageSpeed: 0 })
  })
})

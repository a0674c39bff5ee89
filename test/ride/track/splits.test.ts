import { expect, test } from 'vitest'
import { along } from '#ride/track/along.ts'
import { splitsOf } from '#ride/track/splits.ts'
import { trackOf } from '#ride/track/track.ts'
import { ended, started } from '../given.ts'
import { aroundCircle, rideOf, rideOfStretches, seconds, upload } from './known-ride.ts'

const splits = (track: ReturnType<typeof trackOf>, unit: 'KILOMETRE' | 'MILE' = 'KILOMETRE') =>
  splitsOf(track, along(track), unit)

/** 8 m/s around 10 km, climbing a metre every ten seconds. */
const positions = aroundCircle({ circumference: 10_000, distanceAt: (second) => 8 * second, to: 500 }).map(
  (position, index) => ({ ...position, altitude: 100 + index / 10 }),
)

test('a kilometre ends where it is full, between two samples, and the last split is what is left', () => {
  // 8 m/s: a kilometre is 125 s.
  const [first, second, third, last] = splits(trackOf(rideOf(positions.slice(0, 448))))
  for (const split of [first!, second!, third!]) {
    expect(split.distance).toBeCloseTo(1000, 6)
    expect(split.elapsedTime).toBeCloseTo(125, 2)
    expect(split.movingTime).toBeCloseTo(125, 2)
    expect(split.averageSpeed).toBeCloseTo(8, 3)
    expect(split.elevationChange).toBeCloseTo(12.5, 2)
  }
  expect(last!.index).toBe(3)
  expect(last!.distance).toBeCloseTo(447 * 8 - 3000, 0)
})

test('miles', () => {
  const [first, ...others] = splits(trackOf(rideOf(positions)), 'MILE')
  expect(first!.distance).toBe(1609.344)
  expect(others).toHaveLength(2)
})

test('a pause counts in the split in which it was made, as elapsed time', () => {
  const later = positions.slice(61, 201).map((position) => ({ ...position, at: position.at + 600_000 }))
  const [first, second] = splits(trackOf(rideOfStretches([positions.slice(0, 61), later])))
  // From 480 m to 488 m he was carried: 125 s and a second that was not ridden, and the pause.
  expect(first!.elapsedTime).toBeCloseTo(126 + 600, 1)
  expect(first!.movingTime).toBeCloseTo(125, 1)
  expect(second!.elapsedTime).toBeCloseTo(second!.movingTime, 6)
})

test('what was stood behind a whole kilometre belongs to it: there is no split without a way', () => {
  const north = (second: number, metres: number) => ({
    at: seconds(second),
    latitude: metres / 110_574.388_557_8,
    longitude: 10,
  })
  const stood = Array.from({ length: 60 }, (_, index) => north(101 + index, 900))
  const track = trackOf([started, upload([north(0, 0), north(100, 900), ...stood]), ended(seconds(200))])
  const only = splits(track)
  expect(only).toHaveLength(1)
  expect(only[0]).toMatchObject({ elapsedTime: 200, movingTime: 100, elevationChange: null })
})

test('a ride without a way has no splits', () => {
  expect(splits(trackOf([started, upload([{ at: seconds(1), heartRate: 90 }]), ended(seconds(5))]))).toEqual(
    [],
  )
  expect(splits(trackOf([started, ended(seconds(5))]))).toEqual([])
})

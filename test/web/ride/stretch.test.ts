import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import { along } from '#ride/track/along.ts'
import { statisticsOf as statisticsOfTrack } from '#ride/track/statistics.ts'
import { openStreams } from '#ride/track/streams.ts'
import { trackOf } from '#ride/track/track.ts'
import type { Samples } from '../../../web/ride/samples.ts'
import { statisticsOf } from '../../../web/ride/stretch.ts'
import { eventsOf } from '../../recordings/ridden.ts'
import { aroundCircle, rideOf } from '../../ride/track/known-ride.ts'
import { samplesOf } from './known-samples.ts'

const climb = samplesOf({
  count: 601,
  speed: 5,
  altitude: (metres) => 500 + 0.05 * metres,
  heartRate: (second) => (second < 300 ? 120 : 160),
  power: (second) => (second % 2 === 0 ? 100 : 300),
  pauses: [{ after: 299, seconds: 900 }],
})

test('of a known climb: what was ridden, how long, how high, at what speed and effort', () => {
  const statistics = statisticsOf(climb, { from: 100, to: 200 })
  expect(statistics).toMatchObject({
    distance: 500,
    elapsedTime: 100,
    movingTime: 100,
    averageSpeed: 5,
    averageHeartRate: 120,
    averagePower: 200,
    averageCadence: null,
  })
  expect(statistics.elevationGain).toBeCloseTo(25, 9)
  expect(statistics.elevationChange).toBeCloseTo(25, 9)
})

test('a pause is in the elapsed time, and in nothing else', () => {
  const across = statisticsOf(climb, { from: 200, to: 400 })
  expect(across).toMatchObject({ distance: 995, elapsedTime: 1_100, movingTime: 199, averageSpeed: 5 })
  expect(across.averageHeartRate).toBeCloseTo((99 * 120 + 100 * 160) / 199, 9)
})

test('a sensor that speaks every few seconds has an average, and a silence has none', () => {
  const sparse = samplesOf({ count: 200, heartRate: (second) => (second % 5 === 0 ? 100 + second : null) })
  expect(statisticsOf(sparse, { from: 0, to: 100 }).averageHeartRate).toBeCloseTo(150, 9)
  const silent = samplesOf({
    count: 200,
    heartRate: (second) => (second === 0 || second === 60 ? 120 : null),
  })
  expect(statisticsOf(silent, { from: 0, to: 100 }).averageHeartRate).toBeNull()
})

test('across a silence of minutes the average speed is that of what was ridden, as of the whole ride', () => {
  // The receiver is silent for ten minutes, in which the rider comes a kilometre further.
  const distanceAt = (second: number) => (second < 100 ? 5 * second : 5 * (second - 600) + 1_000)
  const around = { circumference: 20_000, distanceAt }
  const fixes = [...aroundCircle({ ...around, to: 99 }), ...aroundCircle({ ...around, from: 700, to: 800 })]
  const track = trackOf(rideOf(fixes))
  const samples: Samples = openStreams(track, along(track))()
  const stretch = statisticsOf(samples, { from: 0, to: samples.time.length - 1 })
  expect(stretch.averageSpeed).toBeCloseTo(statisticsOfTrack(track).averageSpeed, 6)
  expect(stretch.averageSpeed).toBeCloseTo(5, 1)
  expect(stretch.distance).toBeGreaterThan(1_900)
})

test('of one sample nothing is said that was not', () => {
  expect(statisticsOf(climb, { from: 7, to: 7 })).toMatchObject({
    distance: 0,
    elapsedTime: 0,
    averageSpeed: null,
    averageHeartRate: null,
  })
})

const index = fc.integer({ min: 0, max: climb.time.length - 1 })

test('two stretches in a row add up to the one that is both', () => {
  fc.assert(
    fc.property(index, index, index, (...ends) => {
      const [from, middle, to] = ends.toSorted((a, b) => a - b) as [number, number, number]
      const [one, other, both] = [
        { from, to: middle },
        { from: middle, to },
        { from, to },
      ].map((stretch) => statisticsOf(climb, stretch))
      for (const name of ['distance', 'elapsedTime', 'movingTime', 'elevationGain'] as const)
        expect((one?.[name] ?? 0) + (other?.[name] ?? 0)).toBeCloseTo(both?.[name] ?? 0, 6)
    }),
  )
})

describe('of ten hours thinned to 2,000 samples', () => {
  const track = trackOf(
    eventsOf(
      simulateRide({ seed: 5, start: { latitude: 47, longitude: 8 }, startedAt: 0, duration: 36_000 }),
    ),
  )
  const streams = openStreams(track, along(track))
  const [all, few] = [streams(), streams(2_000)] as [Samples, Samples]
  const whole = { from: 0, to: few.time.length - 1 }

  test('the whole is what the statistics of the ride say, averages to a hundredth', () => {
    const [stretch, ride] = [statisticsOf(few, whole), statisticsOfTrack(track)]
    expect(few.time).toHaveLength(2_000)
    expect(stretch.distance).toBeCloseTo(ride.distance, 6)
    expect(stretch.movingTime).toBeCloseTo(ride.movingTime, 6)
    expect(stretch.elevationGain).toBeCloseTo(ride.elevationGain ?? 0, 6)
    expect(ratio(stretch.averageHeartRate, ride.averageHeartRate)).toBeLessThan(0.01)
    expect(ratio(stretch.averagePower, ride.averagePower)).toBeLessThan(0.02)
  })

  test('so are hours of it, as all samples say', () => {
    for (const [from, to] of [
      [200, 400],
      [700, 1_100],
      [1_500, 1_800],
    ] as const) {
      const [thinned, whole] = [
        statisticsOf(few, { from, to }),
        statisticsOf(all, { from: all.time.indexOf(few.time[from]!), to: all.time.indexOf(few.time[to]!) }),
      ]
      for (const name of ['distance', 'elapsedTime', 'movingTime', 'elevationGain'] as const)
        expect(thinned[name]).toBeCloseTo(whole[name] ?? 0, 6)
      expect(ratio(thinned.averageHeartRate, whole.averageHeartRate)).toBeLessThan(0.01)
      expect(ratio(thinned.averagePower, whole.averagePower)).toBeLessThan(0.05)
    }
  })
})

function ratio(one: number | null, other: number | null): number {
  return Math.abs((one ?? Number.NaN) / (other ?? Number.NaN) - 1)
}

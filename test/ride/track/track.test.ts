import { describe, expect, test } from 'vitest'
import type { RideEvent } from '#ride/events.ts'
import type { Position } from '#ride/position.ts'
import { runningWith } from '#ride/progress.ts'
import { progressOf, runningFrom } from '#ride/running-numbers.ts'
import { runningResumed, runningStopped } from '#ride/stretches.ts'
import { distanceBetween } from '#ride/track/geodesy.ts'
import { statisticsOf } from '#ride/track/statistics.ts'
import { trackOf } from '#ride/track/track.ts'
import { ended, noProgress, paused, resumed, start, started } from '../given.ts'

const upload = (...positions: Position[]): RideEvent => ({
  type: 'RidePositionsRecorded',
  at: start,
  positions,
  progress: noProgress,
})
const seconds = (count: number) => start + count * 1000
/** Due north at 5 m/s from the equator: a second of riding is 5 m, or 5 / 110,574 of a degree. */
const north = (second: number): Position => ({
  at: seconds(second),
  latitude: (second * 5) / 110_574.39,
  longitude: 10,
})
const ride = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => north(from + index))

describe('a track', () => {
  test('is cut at the pauses', () => {
    const track = trackOf([
      started,
      upload(...ride(0, 10)),
      paused(seconds(10)),
      resumed(seconds(100)),
      upload(...ride(100, 120)),
      ended(seconds(120)),
    ])
    expect(track.segments.map(({ from, to, fixes }) => [from, to, fixes.length])).toEqual([
      [start, seconds(10), 11],
      [seconds(100), seconds(120), 21],
    ])
  })

  test('is not cut by a pause of no length: the way goes on over it', () => {
    const track = trackOf([
      started,
      upload(...ride(0, 20)),
      paused(seconds(10)),
      resumed(seconds(10)),
      paused(seconds(20)),
      ended(seconds(20)),
    ])
    expect(track.segments.map(({ from, to, fixes }) => [from, to, fixes.length])).toEqual([
      [start, seconds(20), 21],
    ])
  })

  test('does not depend on the order of the uploads', () => {
    const [early, late] = [upload(...ride(0, 50)), upload(...ride(51, 99))]
    const inOrder = trackOf([started, early, late, ended(seconds(100))])
    const outOfOrder = trackOf([started, late, early, ended(seconds(100))])
    expect(outOfOrder).toEqual(inOrder)
    expect(inOrder.excluded).toEqual([])
  })

  test('leaves out a time that came twice, and says so', () => {
    const track = trackOf([
      started,
      upload(north(1), north(2), { ...north(2), longitude: 11 }),
      ended(seconds(5)),
    ])
    expect(track.segments[0]?.fixes.map((fix) => fix.longitude)).toEqual([10, 10])
    expect(track.excluded).toEqual([{ reason: 'DUPLICATE_TIME', count: 1 }])
  })

  test('leaves out what lies in a pause or behind the end, and the null island', () => {
    const track = trackOf([
      started,
      upload(north(1), { at: seconds(2), latitude: 0, longitude: 0 }, north(3)),
      paused(seconds(10)),
      resumed(seconds(20)),
      upload(north(15), north(21), north(31)),
      ended(seconds(30)),
    ])
    expect(track.segments.map((segment) => segment.fixes.length)).toEqual([2, 1])
    expect(new Map(track.excluded.map(({ reason, count }) => [reason, count]))).toEqual(
      new Map([
        ['OUT_OF_RANGE', 1],
        ['OUTSIDE_ACTIVE_TIME', 2],
      ]),
    )
  })

  test('keeps samples without a fix for what they measured', () => {
    const track = trackOf([
      started,
      upload({ at: seconds(1), heartRate: 120 }, { ...north(2), heartRate: 140 }),
      ended(seconds(5)),
    ])
    expect(track.segments[0]).toMatchObject({ samples: { length: 2 }, fixes: { length: 1 } })
    expect(statisticsOf(track)).toMatchObject({
      averageHeartRate: 130,
      maxHeartRate: 140,
      averagePower: null,
    })
  })
})

describe('statistics', () => {
  test('average over time, however often the device sampled: cadence while pedalling, power always', () => {
    const sparse = [0, 1, 2, 3].map((second) => ({ ...north(second), heartRate: 100, cadence: 0, power: 0 }))
    const later = [10, 17].map((second) => ({ ...north(second), heartRate: 150, cadence: 80, power: 240 }))
    const statistics = statisticsOf(trackOf([started, upload(...sparse, ...later), ended(seconds(17))]))
    // Four seconds of the one, fourteen of the other.
    expect(statistics.averageHeartRate).toBeCloseTo((4 * 100 + 14 * 150) / 18, 6)
    expect(statistics.averagePower).toBeCloseTo((14 * 240) / 18, 6)
    expect(statistics.averageCadence).toBe(80)
  })

  test('take a heart rate of 0 for a strap that lost contact', () => {
    const ride = [0, 120, 0, 140].map((heartRate, second) => ({ ...north(second), heartRate }))
    const statistics = statisticsOf(trackOf([started, upload(...ride), ended(seconds(3))]))
    expect(statistics.averageHeartRate).toBe(130)
  })

  test('tell elapsed, timer and moving time apart', () => {
    const stop = Array.from({ length: 30 }, (_, index) => ({ ...north(60), at: seconds(61 + index) }))
    const track = trackOf([
      started,
      upload(...ride(0, 60), ...stop),
      paused(seconds(90)),
      resumed(seconds(150)),
      ended(seconds(160)),
    ])
    expect(statisticsOf(track)).toMatchObject({ elapsedTime: 160, timerTime: 100, movingTime: 60 })
  })

  test('climb no mountains on a trembling barometer', () => {
    const trembling = ride(0, 200).map((position, index) => ({
      ...position,
      altitude: 100 + 0.9 * Math.sin(index / 6) + (index % 2) * 0.2,
    }))
    const hill = ride(201, 300).map((position, index) => ({ ...position, altitude: 100 + index }))
    expect(statisticsOf(trackOf([started, upload(...trembling), ended(seconds(300))]))).toMatchObject({
      elevationGain: 0,
      elevationLoss: 0,
    })
    const climbed = statisticsOf(trackOf([started, upload(...trembling, ...hill), ended(seconds(300))]))
    expect(climbed.elevationGain).toBeGreaterThan(96)
    expect(climbed.elevationGain).toBeLessThanOrEqual(99)
  })
})

describe('running numbers', () => {
  test('come out the same in one upload and in many', () => {
    const positions = ride(0, 600)
    const atOnce = runningWith(runningFrom(start), positions)
    let bitByBit = runningFrom(start)
    for (let from = 0; from < positions.length; from += 7)
      bitByBit = runningWith(bitByBit, positions.slice(from, from + 7))
    expect(bitByBit).toEqual(atOnce)
    expect(progressOf(atOnce).distance).toBeCloseTo(3000, 0)
    expect(progressOf(atOnce)).toMatchObject({ movingTime: 600, timerTime: 600, speed: 5 })
  })

  test('measure nothing across a pause', () => {
    let running = runningWith(runningFrom(start), ride(0, 10))
    running = runningResumed(runningStopped(running, seconds(10)), seconds(1000))
    running = runningWith(running, ride(1000, 1010))
    expect(progressOf(running).distance).toBeCloseTo(100, 0)
    expect(progressOf(running)).toMatchObject({ timerTime: 20, movingTime: 20 })
  })

  test('take no leap of the receiver for riding', () => {
    const leap = { at: seconds(11), latitude: 40, longitude: 10 }
    const running = runningWith(runningFrom(start), [...ride(0, 10), leap])
    expect(progressOf(running).distance).toBeCloseTo(50, 1)
  })
})

describe('the distance between two places', () => {
  // Geodesics by Karney's algorithm (GeographicLib), in metres.
  test.each([
    { a: [0, 179.99], b: [0, -179.99], metres: 2226.39 },
    { a: [51.5, -0.12], b: [51.501, -0.12], metres: 111.26 },
    { a: [46.08, 14.738], b: [46.08, 14.739], metres: 77.32 },
  ] as const)('from $a to $b is $metres m', ({ a, b, metres }) => {
    const place = ([latitude, longitude]: readonly [number, number]) => ({ latitude, longitude })
    expect(distanceBetween(place(a), place(b))).toBeCloseTo(metres, 1)
  })
})

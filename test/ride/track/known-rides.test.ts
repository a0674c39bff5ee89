/** Rides whose truth is known: what is shown of them is that. */
import { describe, expect, test } from 'vitest'
import { randomFrom } from '#recordings/simulate/simulate-random.ts'
import type { RideEvent } from '#ride/events.ts'
import { along } from '#ride/track/along.ts'
import { distanceBetween } from '#ride/track/geodesy.ts'
import { isPossible } from '#ride/track/possible.ts'
import { isFix } from '#ride/track/segment.ts'
import { splitsOf } from '#ride/track/splits.ts'
import { statisticsOf } from '#ride/track/statistics.ts'
import { trackOf } from '#ride/track/track.ts'
import { ended, paused, resumed, started } from '../given.ts'
import {
  aroundCircle,
  type Circle,
  exact,
  noise,
  rideOf,
  rideOfStretches,
  seconds,
  upload,
} from './known-ride.ts'

/** 10 km at 8 m/s. */
const ten: Circle = { circumference: 10_000, distanceAt: (second) => 8 * second, to: 1250 }
const positions = aroundCircle(ten)

const shown = (events: readonly RideEvent[]) => {
  const track = trackOf(events)
  return {
    ...statisticsOf(track),
    segments: track.segments.length,
    excluded: Object.fromEntries(track.excluded.map(({ reason, count }) => [reason, count])),
  }
}

const within = (value: number, expected: number, percent: number) =>
  expect(Math.abs(value / expected - 1) * 100, `${value} instead of ${expected}`).toBeLessThan(percent)

describe('a circle of 10 km', () => {
  test.each([
    ['in the middle latitudes', { latitude: 46.05, longitude: 14.5 }],
    ['on the equator, over the 180th meridian', { latitude: 0, longitude: 180 }],
    ['around the pole', { latitude: 90, longitude: 0 }],
    ['over the pole', { latitude: 89.99, longitude: 0 }],
    ['in the south', { latitude: -54.8, longitude: -68.3 }],
  ])('is 10 km, %s', (_, centre) => {
    const { distance, movingTime, maxSpeed, excluded } = shown(rideOf(aroundCircle({ ...ten, centre })))
    within(distance, 10_000, 0.01)
    expect(movingTime).toBe(1250)
    within(maxSpeed, 8, 0.5)
    expect(excluded).toEqual({})
  })

  test.each([
    { speed: 3, deviation: 3, interval: 1 },
    { speed: 5, deviation: 2, interval: 1 },
    { speed: 8, deviation: 3, interval: 1 },
    { speed: 8, deviation: 5, interval: 1 },
    { speed: 8, deviation: 3, interval: 2 },
    { speed: 5, deviation: 5, interval: 3 },
    { speed: 8, deviation: 5, interval: 4 },
    { speed: 12, deviation: 2, interval: 1 },
  ])(
    'is 10 km with $deviation m of noise every $interval s at $speed m/s',
    ({ speed, deviation, interval }) => {
      const to = interval * Math.floor(10_000 / speed / interval)
      for (const seed of [1, 2, 3]) {
        const ride = aroundCircle({
          circumference: 10_000,
          distanceAt: (second) => speed * second,
          to,
          interval,
          error: noise(deviation, seed),
        })
        const { distance, movingTime, maxSpeed } = shown(rideOf(ride))
        within(distance, speed * to, 0.25)
        within(movingTime, to, 1)
        within(maxSpeed, speed, 20)
      }
    },
  )

  test.each([
    { radius: 20, speed: 5, deviation: 3, percent: 6 },
    { radius: 40, speed: 12, deviation: 2, percent: 4 },
    { radius: 100, speed: 11, deviation: 3, percent: 1 },
    { radius: 150, speed: 12, deviation: 3, percent: 0.5 },
  ])(
    'of $radius m, which is all corner, keeps its length but for $percent %',
    ({ radius, speed, deviation, percent }) => {
      for (const seed of [4, 5, 6]) {
        const ride = aroundCircle({
          circumference: 2 * Math.PI * radius,
          distanceAt: (second) => speed * second,
          to: 900,
          error: noise(deviation, seed),
        })
        within(shown(rideOf(ride)).distance, speed * 900, percent)
      }
    },
  )

  test.each([
    [0.2, 3],
    [1, 5],
    [2, 4],
  ])('is 10 km with %d m of noise in its first half and %d m in its second', (first, second) => {
    const [before, behind] = [noise(first), noise(second, 2)]
    const noisy = aroundCircle({ ...ten, error: (at) => (at < 600 ? before(at) : behind(at)) })
    within(shown(rideOf(noisy)).distance, 10_000, 2)
  })

  test('loses no place where fixes are alone between short gaps', () => {
    const noisy = aroundCircle({ ...ten, interval: 0.5, to: 1_250, error: noise(1.3) }).filter(
      (_, index) => index < 1_000 || index > 1_040 || index % 10 === 0,
    )
    const track = trackOf(rideOf(noisy))
    within(statisticsOf(track).distance, 10_000, 0.3)
    const recorded = new Map(noisy.filter(isFix).map((position) => [position.at, position]))
    const moved = track.segments.flatMap(({ fixes }) =>
      fixes.map((fix) => distanceBetween(fix, recorded.get(fix.at)!)),
    )
    expect(Math.max(...moved)).toBeLessThan(7)
  })

  test.each([25, 40, 60, 120])(
    'is as long with 3 m of noise when it is paused after each %i fixes',
    (fixes) => {
      for (const seed of [1, 2, 3]) {
        const noisy = aroundCircle({ ...ten, error: noise(3, seed) })
        const stretches = Array.from({ length: Math.floor(noisy.length / fixes) }, (_, index) =>
          noisy.slice(index * fixes, (index + 1) * fixes),
        )
        within(shown(rideOfStretches(stretches)).distance, 8 * (fixes - 1) * stretches.length, 1)
      }
    },
  )

  test('is smoothed where a leg is just possible, and stays so', () => {
    // Out of sight for 6 s of every 60, at nearly 35 m/s.
    const distanceAt = (second: number) => 10 * second + Math.floor(second / 60) * 6 * 24.8
    let smoothed = 0
    for (const seed of [1, 2, 3, 4]) {
      const noisy = aroundCircle({ ...ten, distanceAt, to: 1_200, error: noise(2, seed) }).filter(
        (_, second) => second % 60 < 55,
      )
      const recorded = new Set(noisy.map(({ latitude }) => latitude))
      for (const { fixes } of trackOf(rideOf(noisy)).segments) {
        smoothed += fixes.filter(({ latitude }) => !recorded.has(latitude)).length
        expect(fixes.slice(1).every((fix, index) => isPossible(fixes[index]!, fix))).toBe(true)
      }
    }
    expect(smoothed).toBeGreaterThan(1_000)
  })

  test('is 10 km with noise around the pole', () => {
    const centre = { latitude: 90, longitude: 0 }
    within(shown(rideOf(aroundCircle({ ...ten, centre, error: noise(3) }))).distance, 10_000, 0.25)
  })

  test('is not touched where the error of the fixes only wanders, as a receiver filters it', () => {
    const [east, north] = [noise(1, 5), noise(1, 6)]
    const drift = { east: 0, north: 0 }
    const wandering = aroundCircle({
      ...ten,
      error(second) {
        drift.east = 0.99 * drift.east + 0.1 * east(second)[0]
        drift.north = 0.99 * drift.north + 0.1 * north(second)[0]
        return [drift.east, drift.north]
      },
    })
    const [{ fixes } = { fixes: [] }] = trackOf(rideOf(wandering)).segments
    expect(fixes.map(({ latitude, longitude }) => [latitude, longitude])).toEqual(
      wandering.map(({ latitude, longitude }) => [latitude, longitude]),
    )
  })
})

describe('stops', () => {
  /** Five minutes of riding, one of standing. */
  const distanceAt = (second: number) => 8 * (300 * Math.floor(second / 360) + Math.min(300, second % 360))
  const ride = (error = exact) => shown(rideOf(aroundCircle({ ...ten, distanceAt, to: 1490, error })))

  test('are no moving time', () => {
    expect(ride()).toMatchObject({ elapsedTime: 1490, timerTime: 1490, movingTime: 1250 })
    within(ride().distance, 10_000, 0.01)
  })

  test.each([
    { deviation: 3, interval: 1 },
    { deviation: 5, interval: 1 },
    { deviation: 5, interval: 2 },
    { deviation: 4, interval: 5 },
  ])('make no way by $deviation m of noise every $interval s', ({ deviation, interval }) => {
    /** Five minutes of riding, five of standing. */
    const halting = (second: number) => 6 * (300 * Math.floor(second / 600) + Math.min(300, second % 600))
    for (const seed of [1, 2, 3]) {
      const noisy = aroundCircle({
        ...ten,
        ...{ distanceAt: halting, to: 3_000, interval, error: noise(deviation, seed) },
      })
      const { distance, movingTime } = shown(rideOf(noisy))
      within(distance, 9_000, 1.5)
      within(movingTime, 1_500, 10)
    }
  })
})

test('looked at again a track stays as it is, though the strong jitter that hid the weak one is gone', () => {
  for (const seed of [1, 2, 3, 4]) {
    const strong = aroundCircle({ ...ten, interval: 2, to: 260, error: noise(15, seed) })
    const weak = aroundCircle({ ...ten, from: 262, to: 1_031, error: noise(1.7, seed + 10) })
    const stretches = Array.from({ length: 14 }, (_, index) => weak.slice(index * 55, (index + 1) * 55))
    const track = trackOf(rideOfStretches([strong, ...stretches]))
    const again = trackOf(rideOfStretches(track.segments.map(({ samples }) => samples)))
    expect(statisticsOf(again).distance).toBe(statisticsOf(track).distance)
  }
})

describe('pauses', () => {
  test('in which the rider was carried elsewhere add nothing', () => {
    const ride = shown(rideOfStretches([positions.slice(0, 601), positions.slice(701)]))
    within(ride.distance, 8 * (600 + 549), 0.01)
    expect(ride).toMatchObject({ elapsedTime: 1250, timerTime: 1149, movingTime: 1149, segments: 2 })
  })

  test('with a single position between two of them break nothing', () => {
    const [first, alone, last] = [positions.slice(0, 601), [positions[700]!], positions.slice(800)]
    const ride = shown(rideOfStretches([first, alone, last]))
    expect(ride.segments).toBe(3)
    within(ride.distance, 8 * (600 + 450), 0.01)
  })
})

describe('what cannot be', () => {
  const displacedBy = (from: number, to: number, degrees: number) =>
    positions.map((position, index) =>
      index >= from && index < to ? { ...position, latitude: position.latitude! + degrees } : position,
    )

  test.each([
    ['one bad fix', 600, 601],
    ['a bad first fix', 0, 1],
    ['a bad last fix', 1250, 1251],
    ['a receiver that is elsewhere for fifty seconds', 300, 350],
    ['a receiver that is elsewhere for the first half minute', 0, 30],
  ])('is left out, and counted: %s', (_, from, to) => {
    const ride = shown(rideOf(displacedBy(from, to, 0.3)))
    expect(ride.excluded).toEqual({ IMPOSSIBLE_SPEED: to - from })
    const lost = from === 0 || to === 1251 ? (to - from) * 8 : 0
    within(ride.distance, 10_000 - lost, 0.05)
    expect(ride.segments).toBe(1)
  })

  test('does not take the ride with it where the rider goes on elsewhere: both parts stay, nothing joins them', () => {
    const ride = shown(rideOf(displacedBy(625, 1251, 0.3)))
    expect(ride).toMatchObject({ excluded: {}, segments: 2, timerTime: 1250 })
    // A third of a degree further north the half circle is a little narrower.
    within(ride.distance, 10_000 - 8, 0.2)
  })

  test('is left out of the top speed: two legs to a bad fix are no record', () => {
    const bad = positions.map((position, index) =>
      index === 600 ? { ...position, latitude: position.latitude! + 0.0001 } : position,
    )
    within(shown(rideOf(bad)).maxSpeed, 8, 0.5)
  })

  test('is a place known only by masts, on the null island, or off the earth', () => {
    const odd = positions.map((position, index) => {
      if (index % 100 === 1) return { ...position, accuracy: 300 }
      if (index % 100 === 2) return { ...position, latitude: 0, longitude: 0 }
      return index % 100 === 3 ? { ...position, latitude: 91 } : position
    })
    const ride = shown(rideOf(odd))
    expect(ride.excluded).toEqual({ POOR_ACCURACY: 13, OUT_OF_RANGE: 26 })
    within(ride.distance, 10_000, 0.05)
  })
})

describe("a device's clock", () => {
  const setAt = (from: number, by: number) =>
    positions.map((position, index) =>
      index >= from ? { ...position, at: position.at + by * 1000 } : position,
    )

  test('that is set forward makes a gap', () => {
    const ride = shown(rideOf(setAt(600, 60)))
    within(ride.distance, 10_000, 0.01)
    expect(ride.excluded).toEqual({})
  })

  test.each([-60, -60.5])('that is set back by %d s makes no zigzag', (by) => {
    const ride = shown(rideOf(setAt(600, by)))
    within(ride.distance, 10_000, 0.1)
    expect(Object.values(ride.excluded).reduce((sum, count) => sum + count, 0)).toBeLessThan(90)
  })
})

test('two fixes on either side of the 180th meridian are as far apart as the geodesic says', () => {
  const fix = (second: number, longitude: number) => ({ at: seconds(second), latitude: 0, longitude })
  const ride = shown(rideOf([fix(0, 179.99), fix(600, -179.99)]))
  expect(ride.distance).toBeCloseTo(2226.39, 2)
})

test('a ride that was paused at the end, twice, and never resumed', () => {
  const ride = shown([
    started,
    upload(positions.slice(0, 301)),
    paused(seconds(300)),
    resumed(seconds(400)),
    paused(seconds(400)),
    ended(seconds(500)),
  ])
  expect(ride).toMatchObject({ elapsedTime: 500, timerTime: 300, movingTime: 300 })
})

describe('what nobody has ridden is got over with, too', () => {
  const chaos = (count: number) => {
    const random = randomFrom(7)
    return Array.from({ length: count }, (_, second) => ({
      at: seconds(second),
      latitude: 160 * random() - 80,
      longitude: 360 * random() - 180,
    }))
  }

  test('places all over the earth, one a second, are left out', () => {
    const { excluded, distance } = shown(rideOf(chaos(5_000)))
    expect(excluded['IMPOSSIBLE_SPEED']).toBeGreaterThan(4_900)
    expect(distance).toBeLessThan(35 * 5_000)
  })

  test('places all over the earth, one a year, are a length without splits', () => {
    const slow = chaos(40).map((position, year) => ({ ...position, at: seconds(year * 365 * 86_400) }))
    const track = trackOf(rideOf(slow))
    expect(statisticsOf(track).distance).toBeGreaterThan(100_000_000)
    expect(splitsOf(track, along(track), 'KILOMETRE')).toEqual([])
  })

  test('a thousand samples at one time are one, whatever their order', () => {
    const many = Array.from({ length: 1_000 }, (_, index) => ({ ...positions[index]!, at: seconds(5) }))
    const [first] = trackOf(rideOf(many)).segments
    expect(first!.samples).toHaveLength(1)
    expect(trackOf(rideOf(many.toReversed())).segments[0]!.samples).toEqual(first!.samples)
  })
})

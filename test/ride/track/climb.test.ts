import { describe, expect, test } from 'vitest'
import { randomFrom } from '#recordings/simulate/simulate-random.ts'
import type { Position } from '#ride/position.ts'
import { climbOf, hysteresisOf } from '#ride/track/climb.ts'
import { trackOf } from '#ride/track/track.ts'
import { aroundCircle, rideOf, rideOfStretches } from './known-ride.ts'

/** An hour at 5 m/s with a stop of two minutes every ten. */
const distanceAt = (second: number) => 5 * (480 * Math.floor(second / 600) + Math.min(480, second % 600))
const ride = aroundCircle({ circumference: 15_000, distanceAt, to: 3_600 })

const withAltitude = (altitudeAt: (second: number) => number): Position[] =>
  ride.map((position, second) => ({ ...position, altitude: altitudeAt(second) }))

/** Ten hills of 40 m. */
const hills = (second: number) => 300 - 20 * Math.cos((2 * Math.PI * distanceAt(second)) / (14_400 / 10))

function barometer() {
  const random = randomFrom(1)
  return withAltitude((second) => Math.round((hills(second) + 0.15 * random.normal()) * 5) / 5)
}

/** Independent errors of 2 m, as unfiltered satellites have them. */
function satellites() {
  const random = randomFrom(2)
  return withAltitude((second) => hills(second) + 2 * random.normal())
}

/** Filtered by the phone: smooth, but wandering by several metres within minutes, also where it lies still. */
function filtered() {
  const random = randomFrom(3)
  let [wander, drift] = [0, 0]
  return withAltitude((second) => {
    drift = 0.98 * drift + 0.012 * random.normal()
    wander = 0.998 * wander + drift
    return hills(second) + wander
  })
}

describe('which instrument it was shows in its data', () => {
  test.each([
    ['a barometer', barometer(), 2],
    ['satellites', satellites(), 10],
    ['a filtering phone', filtered(), 10],
  ])('%s', (_, positions, hysteresis) => {
    expect(hysteresisOf(trackOf(rideOf(positions)))).toBe(hysteresis)
  })

  test.each([3, 5, 7])('every %i s, also of a device that says how accurate its fixes are', (interval) => {
    const sampled = (positions: readonly Position[]) =>
      trackOf(
        rideOf(
          positions.filter((_, second) => second % interval === 0).map((one) => ({ ...one, accuracy: 5 })),
        ),
      )
    expect(hysteresisOf(sampled(barometer()))).toBe(2)
    expect(hysteresisOf(sampled(satellites()))).toBe(10)
  })

  test.each([[[7]], [[5]], [[1, 2, 7, 3, 1, 1, 6]]])(
    'a barometer over hill after hill, every %j s',
    (intervals) => {
      const cycle = intervals.flatMap((interval) => [true, ...Array<boolean>(interval - 1).fill(false)])
      const random = randomFrom(4)
      const rollers = aroundCircle({ circumference: 30_000, distanceAt: (second) => 8 * second, to: 3_600 })
        .map((position, second) => ({
          ...position,
          altitude: 300 + 4.5 * Math.sin((2 * Math.PI * second) / 40) + 0.15 * random.normal(),
        }))
        .filter((_, second) => cycle[second % cycle.length])
      const track = trackOf(rideOf(rollers))
      expect(hysteresisOf(track)).toBe(2)
      // 90 of 9 m.
      expect(climbOf(track).elevationGain).toBeGreaterThan(550)
    },
  )

  test('where nothing shows it, by whether fixes say how accurate they are, which phones do', () => {
    const sparse = barometer().filter((_, index) => index % 10 === 0 && distanceAt(index) < 2_000)
    expect(hysteresisOf(trackOf(rideOf(sparse)))).toBe(2)
    expect(hysteresisOf(trackOf(rideOf(sparse.map((one) => ({ ...one, accuracy: 5 })))))).toBe(10)
  })
})

test.each([
  ['a barometer', barometer(), 0.05],
  ['satellites', satellites(), 0.25],
  ['a filtering phone', filtered(), 0.35],
])('ten hills of 40 m are 400 m, and 400 m down, by %s', (_, positions, share) => {
  const { elevationGain, elevationLoss } = climbOf(trackOf(rideOf(positions)))
  expect(Math.abs(elevationGain! / 400 - 1)).toBeLessThan(share)
  expect(Math.abs(elevationLoss! / 400 - 1)).toBeLessThan(share)
})

test('what the weather did in a long pause is no climb', () => {
  const flat = withAltitude((second) => (second > 2_000 ? 134 : 100))
  const track = trackOf(rideOfStretches([flat.slice(0, 1_800), flat.slice(2_400)]))
  expect(climbOf(track)).toEqual({ elevationGain: 0, elevationLoss: 0 })
})

test('a barometer goes on in a tunnel', () => {
  const tunnel = withAltitude((second) => 100 + Math.min(50, second / 10)).map((position, index) =>
    index > 100 && index < 400 ? { at: position.at, altitude: position.altitude } : position,
  )
  expect(climbOf(trackOf(rideOf(tunnel))).elevationGain).toBeGreaterThan(47)
})

test('without altitudes there is none', () => {
  expect(climbOf(trackOf(rideOf(ride)))).toEqual({ elevationGain: null, elevationLoss: null })
})

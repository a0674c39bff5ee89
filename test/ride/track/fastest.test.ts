import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Milestone } from '#ride/track/along.ts'
import { fastestOver } from '#ride/track/fastest.ts'

/** Metres and seconds at each sample, from steps. */
function milestonesOf(steps: readonly (readonly [metres: number, seconds: number])[]): Milestone[] {
  let distance = 0
  let at = 0
  return [[0, 0] as const, ...steps].map(([metres, seconds]) => {
    distance += metres
    at += seconds * 1000
    return { sample: { at }, segment: 0, distance, movingMs: 0, movingDistance: 0, speed: null }
  })
}

test('the fastest stretch is found wherever it begins, and is what it takes from beginning to end', () => {
  // 1,000 m at 5 m/s, 500 m at 10 m/s, 1,000 m at 5 m/s.
  const ride = milestonesOf([
    [1000, 200],
    [500, 50],
    [1000, 200],
  ])
  expect(fastestOver(ride, 500)).toBeCloseTo(50, 9)
  expect(fastestOver(ride, 200)).toBeCloseTo(20, 9)
  expect(fastestOver(ride, 700)).toBeCloseTo(90, 9)
  expect(fastestOver(ride, 2500)).toBeCloseTo(450, 9)
  expect(fastestOver(ride, 2501)).toBeNull()
  expect(fastestOver([], 1)).toBeNull()
})

test('a pause within counts, one at its beginning or end does not', () => {
  const ride = milestonesOf([
    [0, 600],
    [1000, 100],
    [0, 300],
    [1000, 100],
    [0, 600],
  ])
  expect(fastestOver(ride, 1000)).toBeCloseTo(100, 9)
  expect(fastestOver(ride, 1500)).toBeCloseTo(450, 9)
  expect(fastestOver(ride, 2000)).toBeCloseTo(500, 9)
})

test('no stretch of a fine search is faster, and none is found where the ride is shorter', () => {
  const step = fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 30 }))
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 300 }),
      (steps, metres) => {
        const ride = milestonesOf(steps)
        const found = fastestOver(ride, metres)
        const length = ride.at(-1)!.distance
        if (length < metres) {
          expect(found).toBeNull()
          return
        }
        let searched = Number.POSITIVE_INFINITY
        for (let begin = 0; begin + metres <= length; begin += 0.25) {
          searched = Math.min(searched, arrival(ride, begin + metres) - departure(ride, begin))
        }
        // The search goes by quarters of a metre, on which all whole metres are.
        expect(found).toBeCloseTo(searched / 1000, 6)
      },
    ),
    { numRuns: 300 },
  )
})

function arrival(ride: readonly Milestone[], distance: number): number {
  const index = ride.findIndex((each) => each.distance >= distance)
  return between(ride[index - 1] ?? ride[index]!, ride[index]!, distance)
}

function departure(ride: readonly Milestone[], distance: number): number {
  const index = ride.findLastIndex((each) => each.distance <= distance)
  return between(ride[index]!, ride[index + 1] ?? ride[index]!, distance)
}

function between(from: Milestone, to: Milestone, distance: number): number {
  if (from.distance === to.distance) return from.distance === distance ? from.sample.at : to.sample.at
  const share = (distance - from.distance) / (to.distance - from.distance)
  return from.sample.at + share * (to.sample.at - from.sample.at)
}

import { expect, test } from 'vitest'
import { createPace } from '#projections/pace.ts'

const bounds = { longestMs: 250, little: 50, much: 500 }

/** So many events a second, looked for every `everyMs`, for so long; what comes of it. */
function restUnder(eventsPerSecond: number, forMs: number, everyMs = 50): number {
  let at = 1_000
  const pace = createPace({ ...bounds, now: () => at })
  for (let passed = 0; passed < forMs; passed += everyMs) {
    at += everyMs
    pace.found((eventsPerSecond * everyMs) / 1_000)
  }
  return pace.rest()
}

test('while little comes in nobody rests', () => {
  expect(restUnder(0, 2_000)).toBe(0)
  expect(restUnder(40, 2_000)).toBe(0)
  // The first after quiet, and a handful at once.
  expect(restUnder(20_000, 1, 1)).toBe(0)
})

test('the more comes in the longer is the rest, up to the longest', () => {
  const rests = [60, 100, 200, 400, 1_000, 5_000].map((rate) => restUnder(rate, 5_000))
  expect(rests).toEqual(rests.toSorted((a, b) => a - b))
  expect(rests[0]).toBeGreaterThan(0)
  expect(rests.slice(-2)).toEqual([250, 250])
})

test('what came in a while ago is forgotten', () => {
  let at = 0
  const pace = createPace({ ...bounds, now: () => at })
  pace.found(10_000)
  expect(pace.rest()).toBe(250)
  at += 3_000
  expect(pace.rest()).toBe(0)
})

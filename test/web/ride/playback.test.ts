import fc from 'fast-check'
import { expect, test } from 'vitest'
import { advance, endOf, runningOf } from '../../../web/ride/playback.ts'
import { samplesOf } from './known-samples.ts'

const samples = samplesOf({
  count: 100,
  pauses: [
    { after: 39, seconds: 600 },
    { after: 69, seconds: 60 },
  ],
})
const running = runningOf(samples)

test('the timer ran between the pauses', () => {
  expect(running).toEqual([
    { from: 0, to: 39 },
    { from: 640, to: 669 },
    { from: 730, to: 759 },
  ])
  expect(endOf(running)).toBe(759)
})

test('the clock leaps over a pause, and stops at the end', () => {
  expect(advance(running, 0, 10)).toBe(10)
  expect(advance(running, 30, 10)).toBe(641)
  // Who points into a pause goes on behind it.
  expect(advance(running, 300, 5)).toBe(645)
  expect(advance(running, 650, 60)).toBe(759)
  expect(advance(running, 759, 5)).toBe(759)
  expect(advance([], 0, 5)).toBe(0)
})

test('many small steps come as far as one large one', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { maxLength: 20 }), (steps) => {
      const once = advance(
        running,
        0,
        steps.reduce((sum, step) => sum + step, 0),
      )
      expect(steps.reduce((at, step) => advance(running, at, step), 0)).toBeCloseTo(once, 6)
    }),
  )
})

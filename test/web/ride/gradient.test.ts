import { expect, test } from 'vitest'
import { gradientsOf } from '../../../web/ride/gradient.ts'
import { samplesOf } from './known-samples.ts'

test('on an even slope it is that slope everywhere, also at the ends', () => {
  const gradients = gradientsOf(samplesOf({ count: 300, altitude: (metres) => 400 + 0.07 * metres }))
  for (const gradient of gradients) expect(gradient).toBeCloseTo(0.07, 10)
})

test('it is the rise over the 100 m about a place: a ramp of 100 m between flats shows in full in its middle', () => {
  const ramp = (metres: number) => 400 + 0.1 * Math.min(100, Math.max(0, metres - 500))
  const gradients = gradientsOf(samplesOf({ count: 300, altitude: ramp }))
  // At 550 m, 450 m, and 500 m.
  expect(gradients[110]).toBeCloseTo(0.1, 10)
  expect(gradients[90]).toBeCloseTo(0, 10)
  expect(gradients[100]).toBeCloseTo(0.05, 10)
})

test('what a barometer trembles by makes no hill', () => {
  const gradients = gradientsOf(samplesOf({ count: 500, altitude: (metres) => 400 + 0.2 * Math.sin(metres) }))
  for (const gradient of gradients) expect(Math.abs(gradient ?? 1)).toBeLessThan(0.011)
})

test('across a pause nothing is measured, and where there is too little way or no altitude it is not known', () => {
  const hill = (metres: number) => (metres < 500 ? 400 : 600)
  const paused = samplesOf({ count: 200, altitude: hill, pauses: [{ after: 99, seconds: 60 }] })
  expect(paused.distance[100]).toBe(495)
  const apart = gradientsOf({ ...paused, altitude: paused.segment.map((each) => 400 + 200 * each) })
  for (const gradient of apart) expect(gradient).toBeCloseTo(0, 10)
  expect(gradientsOf(samplesOf({ count: 8, altitude: () => 400 }))).toEqual(Array(8).fill(null))
  expect(gradientsOf(samplesOf({ count: 50 }))).toEqual(Array(50).fill(null))
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseRgb, rampOf, scaleOf, shareOf } from '../../../web/ride/colour-scale.ts'

test('its ends are the 5th and 95th of a hundred, so that one bad value moves neither', () => {
  const hundred = Array.from({ length: 101 }, (_, index) => index)
  expect(scaleOf(hundred)).toEqual({ low: 5, high: 95 })
  expect(scaleOf([...hundred.slice(0, 100), 1e9])).toEqual({ low: 5, high: 95 })
  expect(scaleOf([null, ...hundred, null])).toEqual({ low: 5, high: 95 })
})

test('there is none where there is nothing to tell apart', () => {
  for (const values of [[], [null], [3], [4, 4, 4, null]]) expect(scaleOf(values)).toBeNull()
})

test('a share is 0 to 1, and no less for a greater value', () => {
  const numbers = fc.double({ noNaN: true, min: -1e6, max: 1e6 })
  fc.assert(
    fc.property(fc.array(numbers, { minLength: 2 }), numbers, numbers, (values, a, b) => {
      const scale = scaleOf(values)
      if (scale === null) return
      const [low, high] = [shareOf(Math.min(a, b), scale), shareOf(Math.max(a, b), scale)]
      expect(low).toBeGreaterThanOrEqual(0)
      expect(high).toBeLessThanOrEqual(1)
      expect(low).toBeLessThanOrEqual(high)
    }),
  )
})

test('the ramp goes through its stops, and evenly between them', () => {
  const ramp = rampOf([
    [0, 0, 0],
    [100, 0, 0],
    [100, 200, 0],
  ])
  expect([0, 0.25, 0.5, 0.75, 1].map(ramp).map(parseRgb)).toEqual([
    [0, 0, 0],
    [50, 0, 0],
    [100, 0, 0],
    [100, 100, 0],
    [100, 200, 0],
  ])
  expect([ramp(-1), ramp(2)]).toEqual([ramp(0), ramp(1)])
})

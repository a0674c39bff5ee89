/** How high a chart reaches and where it is ticked. */
import { describe, expect, it } from 'vitest'
import { rangeOf, ticksIn } from '../../../web/ride/chart-range.ts'

describe('the range of a chart', () => {
  it('is a little more than was measured', () => {
    expect(rangeOf(200, 300, 20)).toEqual([192, 308])
  })

  it('is not less than makes a flat ride look flat', () => {
    expect(rangeOf(400, 402, 20)).toEqual([391, 411])
    expect(rangeOf(null, null, 20)).toEqual([0, 20])
  })

  it('is below 0 only where something was measured there', () => {
    expect(rangeOf(0, 50, 10)).toEqual([0, 54])
    expect(rangeOf(1, 2, 20)).toEqual([0, 20])
    expect(rangeOf(-3, -2, 20)).toEqual([-12.5, 7.5])
  })
})

describe('the ticks', () => {
  it.each([
    [200, 308],
    [391, 411],
    [501, 1_499],
    [72, 190],
    [0, 54],
    [-12.5, 7.5],
    [1_790, 1_810],
    [21, 59],
  ])('between %d and %d are two to four, all in sight', (least, most) => {
    const ticks = ticksIn([least, most])
    expect(ticks.length).toBeGreaterThanOrEqual(2)
    expect(ticks.length).toBeLessThanOrEqual(4)
    for (const tick of ticks) {
      expect(tick).toBeGreaterThanOrEqual(least)
      expect(tick).toBeLessThanOrEqual(most)
    }
  })

  it('are at numbers that are easily read', () => {
    expect(ticksIn([391, 411])).toEqual([400, 410])
    expect(ticksIn([0, 54])).toEqual([0, 50])
  })
})

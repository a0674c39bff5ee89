/** The decimals of what is shown. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { metres, roundedSplits, seconds } from '#api/rounding.ts'
import { type DistanceUnit, type Split, splitMetres } from '#ride/track/splits.ts'

/** So many whole ones, and a rest of so many metres. */
function splitsOf(unit: DistanceUnit, count: number, rest: number): Split[] {
  const length = splitMetres[unit]
  const distances = [...Array.from({ length: count }, () => length), ...(rest > 0 ? [rest] : [])]
  return distances.map((distance, index) => {
    const movingTime = distance / 7.3
    const elapsedTime = movingTime + 1 / 3
    return { index, distance, elapsedTime, movingTime, averageSpeed: 7.3, elevationChange: distance / 300 }
  })
}

const sum = (splits: readonly Split[], read: (split: Split) => number): number =>
  splits.reduce((total, split) => total + read(split), 0)

function expectWhole(splits: readonly Split[], rounded: readonly Split[]): void {
  const whole = metres(sum(splits, ({ distance }) => distance))
  expect(sum(rounded, ({ distance }) => distance)).toBeCloseTo(whole, 6)
  for (const read of [({ elapsedTime }: Split) => elapsedTime, ({ movingTime }: Split) => movingTime])
    expect(sum(rounded, read)).toBeCloseTo(seconds(sum(splits, read)), 6)
  expect(rounded.map(({ index }) => index)).toEqual(rounded.map((_, index) => index))
}

describe('splits are the ride together', () => {
  // Of miles those that end on less than half a centimetre, which the whole has not.
  test.each([
    ['KILOMETRE', [1, 2, 7]],
    ['MILE', [1, 6, 11]],
  ] as const)('also with half a millimetre behind a whole %s', (unit, counts) => {
    for (const count of counts) {
      const splits = splitsOf(unit, count, 0.0004)
      const rounded = roundedSplits(splits)
      expect(rounded).toHaveLength(count)
      expect(rounded.at(-1)).toMatchObject({ index: count - 1, averageSpeed: 7.3 })
      expectWhole(splits, rounded)
    }
  })

  test('where the only one comes to nothing', () => {
    const splits = splitsOf('KILOMETRE', 0, 0.0004)
    expect(roundedSplits(splits)).toMatchObject([{ index: 0, distance: 0 }])
    expect(roundedSplits([])).toEqual([])
  })

  test('whatever the rest, and none is empty', () => {
    const rest = fc.oneof(
      fc.double({ min: 0, max: 0.02, noNaN: true }),
      fc.double({ min: 0, max: 1000, noNaN: true }),
    )
    const unit = fc.constantFrom('KILOMETRE' as const, 'MILE' as const)
    fc.assert(
      fc.property(unit, fc.integer({ min: 1, max: 120 }), rest, (each, count, left) => {
        const splits = splitsOf(each, count, left)
        const rounded = roundedSplits(splits)
        expectWhole(splits, rounded)
        for (const { distance } of rounded) expect(distance).toBeGreaterThan(0)
      }),
    )
  })

  test('an altitude that was not measured stays unknown', () => {
    const splits = splitsOf('MILE', 6, 0.0004).map((split) => ({ ...split, elevationChange: null }))
    expect(roundedSplits(splits).map(({ elevationChange }) => elevationChange)).toEqual(Array(6).fill(null))
  })
})

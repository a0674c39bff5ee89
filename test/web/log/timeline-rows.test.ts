import { expect, test } from 'vitest'
import { bytesOf, percentOf, shortNameOf, spanOf } from '../../../web/log/log-words.ts'
import { delayOf, gapBefore, pagesOf, versionBy } from '../../../web/log/timeline-rows.ts'

const at = (seconds: number) => new Date(2026, 4, 31, 12, 0, seconds).toISOString()
const recorded = (seconds: number) => ({ recordedAt: at(seconds) })

test('time between events is told where there is some', () => {
  expect(gapBefore(undefined, recorded(0))).toBeNull()
  expect(gapBefore(recorded(0), recorded(1))).toBeNull()
  expect(gapBefore(recorded(0), recorded(75))).toEqual({ words: '1 min 15 s later', size: 'short' })
  expect(gapBefore(recorded(0), recorded(1_200))).toEqual({ words: '20 min later', size: 'long' })
  expect(gapBefore(recorded(0), recorded(90_000))).toEqual({ words: '1 d 1 h later', size: 'day' })
  // Midnight alone makes no gap.
  expect(gapBefore(recorded(43_195), recorded(43_205))).toEqual({ words: '10 s later', size: 'short' })
})

test('what was recorded late, and by a clock that runs ahead, is told', () => {
  expect(delayOf({ at: at(0), recordedAt: at(0) })).toBe('at once')
  expect(delayOf({ at: at(0), recordedAt: at(42) })).toBe('42 s late')
  expect(delayOf({ at: at(42), recordedAt: at(0) })).toBe('clock 42 s ahead')
  expect(delayOf({ at: null, recordedAt: at(0) })).toBeNull()
})

test('the pages that hold what is in sight', () => {
  expect(pagesOf(0, 20)).toEqual([0])
  expect(pagesOf(95, 105)).toEqual([0, 100])
  expect(pagesOf(9_990, 9_999)).toEqual([9_900])
})

test('keys lead through the events, and not beyond', () => {
  expect(versionBy('ArrowDown', null, 9)).toBe(1)
  expect(versionBy('ArrowUp', null, 9)).toBe(9)
  expect(versionBy('ArrowDown', 9, 9)).toBe(9)
  expect(versionBy('PageUp', 5, 9)).toBe(1)
  expect(versionBy('End', 1, 9)).toBe(9)
  expect(versionBy('x', 1, 9)).toBeUndefined()
})

test('numbers are told in units that can be read', () => {
  expect([0, 999, 1_450, 2_500_000].map(bytesOf)).toEqual(['0 B', '999 B', '1.5 kB', '2.5 MB'])
  expect([850, 12_000, 60_000, 7_800_000, 86_400_000].map(spanOf)).toEqual([
    ...['850 ms', '12 s', '1 min', '2 h 10 min', '1 d'],
  ])
  expect([0, 0.429, 0.9999, 1].map(percentOf)).toEqual(['0 %', '42 %', '99 %', '100 %'])
  expect(shortNameOf('6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f506')).toBe('6f1c2a34…')
})

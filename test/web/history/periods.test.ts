import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dayByKey, monthsOf } from '../../../web/history/calendar.ts'
import { filledPeriods, periodsSince, sumOf, ticksOf, within } from '../../../web/history/periods.ts'

const total = (from: string, distance: number) => ({
  from,
  rides: 1,
  distance,
  movingTime: distance / 5,
  elevationGain: 10,
})

test('periods without a ride are there too, with nothing in them', () => {
  const totals = [total('2026-03-01', 30_000), total('2025-12-01', 10_000), total('2020-01-01', 5)]
  const filled = filledPeriods(totals, { period: 'MONTH', until: '2026-03-22', count: 5 })
  expect(filled.map(({ from, distance }) => [from, distance])).toEqual([
    ['2025-11-01', 0],
    ['2025-12-01', 10_000],
    ['2026-01-01', 0],
    ['2026-02-01', 0],
    ['2026-03-01', 30_000],
  ])
  expect(sumOf(filled)).toEqual({ rides: 2, distance: 40_000, movingTime: 8_000, elevationGain: 20 })
  expect(within(totals, { from: '2025-12-01', to: '2026-01-31' })).toEqual([totals[1]])
  const weeks = filledPeriods([], { period: 'WEEK', until: '2026-01-01', count: 2 })
  expect(weeks.map(({ from }) => from)).toEqual(['2025-12-22', '2025-12-29'])
})

test('there are as many periods as since the first ride, within bounds', () => {
  const asked = { period: 'YEAR', until: '2026-05-01', least: 5, most: 20 } as const
  expect(periodsSince(undefined, asked)).toBe(5)
  expect(periodsSince('2025-07-01', asked)).toBe(5)
  expect(periodsSince('2015-07-01', asked)).toBe(12)
  expect(periodsSince('1950-07-01', asked)).toBe(20)
})

test('a scale goes from nothing to beyond the most, in few round steps', () => {
  expect(ticksOf(432)).toEqual([0, 200, 400, 600])
  expect(ticksOf(100)).toEqual([0, 50, 100])
  expect(ticksOf(7_300, [900, 1800, 3600, 7200])).toEqual([0, 3600, 7200, 10_800])
  expect(ticksOf(0)).toEqual([0, 1])
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 1e7, noNaN: true }), (most) => {
      const ticks = ticksOf(most)
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(most * (1 - 1e-9))
      expect(ticks.length).toBeGreaterThanOrEqual(3)
      expect(ticks.length).toBeLessThanOrEqual(5)
    }),
  )
})

test('a year has its months, each with its days under the right weekday', () => {
  const months = monthsOf(2024, [total('2024-02-29', 50_000)], '2024-03-01')
  expect(months.map(({ days }) => days.length)).toEqual([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
  // The 1st of January 2024 was a Monday, the 1st of September a Sunday.
  expect(months[0]?.indent).toBe(0)
  expect(months[8]?.indent).toBe(6)
  expect(months[1]?.days.at(-1)).toEqual({
    day: '2024-02-29',
    total: total('2024-02-29', 50_000),
    level: 4,
    isToCome: false,
  })
  expect(months[2]?.days.map(({ isToCome }) => isToCome).slice(0, 2)).toEqual([false, true])
})

test('days are coloured by how far one rode on them beside the others', () => {
  const totals = Array.from({ length: 20 }, (_, index) =>
    total(`2026-01-${String(index + 1).padStart(2, '0')}`, index),
  )
  const levels = monthsOf(2026, totals, '2026-12-31')[0]?.days.map(({ level }) => level) ?? []
  expect(levels.slice(20).every((level) => level === 0)).toBe(true)
  expect(levels.slice(0, 20)).toEqual([...levels.slice(0, 20)].sort((a, b) => a - b))
  expect(new Set(levels)).toEqual(new Set([0, 1, 2, 3, 4]))
})

test('keys lead through the calendar, also over the ends of months and years', () => {
  const from = (day: string, ...keys: string[]) => keys.reduce((at, key) => dayByKey(key, at) ?? at, day)
  expect(from('2026-12-31', 'ArrowRight')).toBe('2027-01-01')
  expect(from('2024-03-01', 'ArrowLeft')).toBe('2024-02-29')
  expect(from('2026-06-03', 'ArrowUp')).toBe('2026-05-27')
  expect(from('2026-06-03', 'Home')).toBe('2026-06-01')
  expect(from('2026-06-03', 'End')).toBe('2026-06-07')
  expect(from('2026-03-31', 'PageUp')).toBe('2026-02-28')
  expect(from('2026-01-31', 'PageDown', 'PageDown')).toBe('2026-03-28')
  expect(dayByKey('a', '2026-01-01')).toBeNull()
})

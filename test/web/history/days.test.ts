import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addDays,
  beginOf,
  dayIn,
  dayInWords,
  isDay,
  later,
  presetsOf,
  spanInWords,
  spanOf,
  weekdayOf,
} from '../../../web/history/days.ts'

test('a day is one that there is', () => {
  expect(['2026-05-31', '2024-02-29', '2000-02-29'].every(isDay)).toBe(true)
  expect(
    ['2026-02-29', '1900-02-29', '2026-13-01', '2026-5-1', '0999-01-01', '', 7, null].filter(isDay),
  ).toEqual([])
})

test('weeks begin on Monday, also over the turn of the year', () => {
  expect(beginOf('WEEK', '2026-01-01')).toBe('2025-12-29')
  expect(spanOf('WEEK', '2024-12-31')).toEqual({ from: '2024-12-30', to: '2025-01-05' })
  expect(weekdayOf('2026-05-31')).toBe(6)
  expect(later('WEEK', '2026-12-28', 1)).toBe('2027-01-04')
})

test('months and years are as long as they are', () => {
  expect(spanOf('MONTH', '2024-02-10')).toEqual({ from: '2024-02-01', to: '2024-02-29' })
  expect(spanOf('MONTH', '2026-02-28')).toEqual({ from: '2026-02-01', to: '2026-02-28' })
  expect(spanOf('YEAR', '2024-06-01')).toEqual({ from: '2024-01-01', to: '2024-12-31' })
  expect(later('MONTH', '2026-01-01', -1)).toBe('2025-12-01')
  expect(later('MONTH', '2026-11-01', 2)).toBe('2027-01-01')
  expect(addDays('2024-02-28', 2)).toBe('2024-03-01')
})

test('every day lies in its week, month and year, and these in a row leave none out', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -10_000, max: 40_000 }),
      fc.constantFrom('WEEK', 'MONTH', 'YEAR'),
      (n, period) => {
        const day = addDays('1990-01-01', n)
        const { from, to } = spanOf(period, day)
        expect(from <= day && day <= to).toBe(true)
        expect(later(period, from, 1)).toBe(addDays(to, 1))
        expect(later(period, later(period, from, 1), -1)).toBe(from)
      },
    ),
  )
})

test('which day it is depends on where one is', () => {
  const at = new Date('2026-05-31T22:30:00Z')
  expect(dayIn('UTC', at)).toBe('2026-05-31')
  expect(dayIn('Europe/Zurich', at)).toBe('2026-06-01')
  expect(dayIn('America/Los_Angeles', at)).toBe('2026-05-31')
  // The night in which clocks are set forward has no half past two, and is a day all the same.
  expect(dayIn('Europe/Zurich', new Date('2026-03-29T01:30:00Z'))).toBe('2026-03-29')
})

test('presets are whole periods', () => {
  expect(presetsOf('2026-11-22').map(({ span }) => span)).toEqual([
    { from: '2026-11-16', to: '2026-11-22' },
    { from: '2026-11-01', to: '2026-11-30' },
    { from: '2026-01-01', to: '2026-12-31' },
  ])
})

test('days and spans are said as short as they are told apart', () => {
  expect(dayInWords('2026-05-31')).toBe('Sun 31 May 2026')
  expect(dayInWords('2026-05-31', 'long')).toBe('Sunday 31 May 2026')
  expect(spanInWords(spanOf('YEAR', '2026-05-31'))).toBe('2026')
  expect(spanInWords(spanOf('MONTH', '2026-05-31'))).toBe('May 2026')
  expect(spanInWords({ from: '2025-12-01', to: '2026-11-30' })).toBe('Dec 2025 – Nov 2026')
  expect(spanInWords({ from: '2026-01-01', to: '2026-03-31' })).toBe('Jan – Mar 2026')
  expect(spanInWords({ from: '2022-01-01', to: '2026-12-31' })).toBe('2022 – 2026')
  expect(spanInWords({ from: '2026-05-31', to: '2026-05-31' })).toBe('31 May 2026')
  expect(spanInWords(spanOf('WEEK', '2026-06-03'))).toBe('1 – 7 Jun 2026')
  expect(spanInWords(spanOf('WEEK', '2026-05-31'))).toBe('25 – 31 May 2026')
  expect(spanInWords(spanOf('WEEK', '2026-07-01'))).toBe('29 Jun – 5 Jul 2026')
  expect(spanInWords(spanOf('WEEK', '2026-01-01'))).toBe('29 Dec 2025 – 4 Jan 2026')
})

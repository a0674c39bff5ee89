import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readInstant } from '#api/instant.ts'

test('an instant is read as Date reads it, from the year 0 to 9999', () => {
  const instant = fc.date({
    min: new Date('0000-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  })
  fc.assert(
    fc.property(instant, (date) => {
      const text = date.toISOString()
      expect(readInstant(text)).toBe(date.getTime())
      expect(readInstant(text.replace(/\.\d+/, ''))).toBe(Math.floor(date.getTime() / 1000) * 1000)
      expect(readInstant(text.replace('Z', '+00:00'))).toBe(date.getTime())
    }),
    { numRuns: 2_000 },
  )
})

test('each day of four hundred years is the next one', () => {
  const day = 86_400_000
  const wrong: number[] = []
  for (let at = Date.UTC(1800, 0, 1); at < Date.UTC(2200, 0, 1); at += day) {
    if (readInstant(`${new Date(at).toISOString().slice(0, 10)}T00:00:00Z`) !== at) wrong.push(at)
  }
  expect(wrong).toEqual([])
})

test.each([
  ['2026-05-31t09:30:00z', Date.UTC(2026, 4, 31, 9, 30)],
  ['2026-05-31T09:30:00.1Z', Date.UTC(2026, 4, 31, 9, 30, 0, 100)],
  ['2026-05-31T09:30:00.123456789-02:30', Date.UTC(2026, 4, 31, 12, 0, 0, 123)],
  ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
  ['2026-05-31T24:00:00Z', Date.UTC(2026, 5, 1)],
])('%s is one', (text, at) => expect(readInstant(text)).toBe(at))

test.each([
  '2026-05-31',
  '2026-05-31T09:30:00',
  '2026-05-31 09:30:00Z',
  '2026-02-29T09:30:00Z',
  '2026-02-30T09:30:00.000Z',
  '2026-13-01T09:30:00Z',
  '2026-00-01T09:30:00Z',
  '2026-05-00T09:30:00Z',
  '2026-05-31T09:60:00Z',
  '2026-05-31T09:30:60Z',
  '2026-05-31T25:00:00Z',
  '2026-05-3aT09:30:00Z',
  '+026-05-31T09:30:00Z',
  '2026-05-31T09:30:00.12 Z',
  '2026-05-31T09:30:00,125Z',
  '２026-05-31T09:30:00Z',
  '',
])('%s is none', (text) => expect(readInstant(text)).toBeUndefined())

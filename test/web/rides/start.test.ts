import { describe, expect, it } from 'vitest'
import { formatStart, formatStartBriefly, formatter, type Viewer } from '../../../web/rides/start.ts'

/** 12:00 in Ljubljana. */
const now = new Date('2026-11-21T11:00:00Z')
const inLjubljana: Viewer = { now, timeZone: 'Europe/Ljubljana' }
const inTokyo: Viewer = { now, timeZone: 'Asia/Tokyo' }

describe('the start of a ride where the clocks show what mine shows', () => {
  it.each([
    ['2026-11-21T06:05:00Z', 'Today 07:05', 'Sat 21 Nov, 07:05'],
    ['2026-11-20T21:39:00Z', 'Yesterday 22:39', 'Fri 20 Nov, 22:39'],
    ['2026-11-18T19:35:00Z', '18 Nov 20:35', 'Wed 18 Nov, 20:35'],
    ['2025-11-17T23:00:00Z', '18 Nov 2025 00:00', 'Tue, 18 Nov 2025, 00:00'],
  ])('at %s is %s in a list and %s on its page', (instant, brief, long) => {
    for (const zone of ['Europe/Ljubljana', 'Europe/Madrid', null]) {
      expect(formatStartBriefly(instant, zone, inLjubljana)).toBe(brief)
      expect(formatStart(instant, zone, inLjubljana)).toBe(long)
    }
  })
})

describe('the start of a ride elsewhere', () => {
  it.each([
    ['Europe/Ljubljana', '2026-11-21T06:05:00Z', '21 Nov 07:05 CET', 'Sat 21 Nov, 07:05 CET'],
    ['Europe/Ljubljana', '2026-07-02T10:00:00Z', '2 Jul 12:00 CEST', 'Thu 2 Jul, 12:00 CEST'],
    ['America/New_York', '2026-01-01T04:30:00Z', '31 Dec 2025 23:30 GMT-5', 'Wed, 31 Dec 2025, 23:30 GMT-5'],
    ['Etc/GMT+2', '2026-11-21T10:00:00Z', '21 Nov 08:00 GMT-2', 'Sat 21 Nov, 08:00 GMT-2'],
  ])('in %s at %s is said by the clock there, with its zone: %s', (zone, instant, brief, long) => {
    expect(formatStartBriefly(instant, zone, inTokyo)).toBe(brief)
    expect(formatStart(instant, zone, inTokyo)).toBe(long)
  })

  it('names the zone only while its clock shows something else than mine', () => {
    // Denver has summer time, Phoenix has none.
    const inPhoenix: Viewer = { now, timeZone: 'America/Phoenix' }
    expect(formatStart('2026-02-01T18:00:00Z', 'America/Denver', inPhoenix)).toBe('Sun 1 Feb, 11:00')
    expect(formatStart('2026-07-01T18:00:00Z', 'America/Denver', inPhoenix)).toBe('Wed 1 Jul, 12:00 GMT-6')
  })

  it('in a zone that this browser does not know is said by my own clock', () => {
    expect(formatStartBriefly('2026-11-21T06:05:00Z', 'Mars/Olympus', inTokyo)).toBe('Today 15:05')
  })
})

it.each(['', 'soon'])('what is no instant (%j) is shown as a dash', (instant) => {
  expect(formatStart(instant, null, inTokyo)).toBe('–')
  expect(formatStartBriefly(instant, 'Europe/Ljubljana', inTokyo)).toBe('–')
})

it('a formatter is made once for the same fields, and is another where a field is to look otherwise', () => {
  const short = formatter('Europe/Ljubljana', { month: 'short' })
  expect(formatter('Europe/Ljubljana', { month: 'long' }).format(now)).toBe('November')
  expect(short.format(now)).toBe('Nov')
  expect(formatter('Europe/Ljubljana', { month: 'short' })).toBe(short)
})

it('a short month has three letters, each of them', () => {
  const month = formatter('UTC', { month: 'short' })
  const lengths = Array.from({ length: 12 }, (_, index) => month.format(Date.UTC(2026, index)).length)
  expect(new Set(lengths)).toEqual(new Set([3]))
  expect(formatter('UTC', { month: 'long' }).format(Date.UTC(2026, 8))).toBe('September')
})

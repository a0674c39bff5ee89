import { expect, test } from 'vitest'
import { defaultTitle, timeZoneAt } from '#ride/time-zone.ts'

test.each([
  [46.05, 14.5, 'Europe/Ljubljana'],
  [31.23, 121.47, 'Asia/Shanghai'],
  [-34.6, -58.4, 'America/Argentina/Buenos_Aires'],
  [30, -40, 'Etc/GMT+3'],
  [90, 0, 'Etc/GMT'],
  [-90, 180, 'Antarctica/McMurdo'],
])('at %d, %d it is the time of %s', (latitude, longitude, zone) => {
  expect(timeZoneAt({ latitude, longitude })).toBe(zone)
})

test.each([
  ['2026-05-31T02:59:00Z', 'Night ride'],
  ['2026-05-31T03:00:00Z', 'Morning ride'],
  ['2026-05-31T09:00:00Z', 'Midday ride'],
  ['2026-05-31T12:00:00Z', 'Afternoon ride'],
  ['2026-05-31T16:00:00Z', 'Evening ride'],
  ['2026-05-31T20:00:00Z', 'Night ride'],
])('a ride that began at %s in Ljubljana is a %s', (at, title) => {
  expect(defaultTitle(Date.parse(at), 'Europe/Ljubljana')).toBe(title)
})

test('where the place is unknown, or its zone newer than the runtime, a ride is a ride', () => {
  expect(defaultTitle(0, null)).toBe('Ride')
  expect(defaultTitle(0, 'Europe/Atlantis')).toBe('Ride')
})

import { expect, test } from 'vitest'
import { filterOf, orderOf } from '../../../web/history/ride-filter.ts'
import {
  parseBox,
  parseNear,
  printBox,
  printNear,
  validateHistorySearch,
  wantedOf,
} from '../../../web/history/search.ts'

test('an address says what it says, and what is nonsense in it is left out', () => {
  const whole = {
    text: 'alp pass',
    from: '2026-05-01',
    to: '2026-05-31',
    min: 20_000,
    max: 80_000,
    near: '46.6200,7.0500,5000',
    within: '7.0000,46.5000,7.2000,46.7000',
    whose: 'all',
    status: 'FINISHED',
    show: 'totals',
    sort: 'longest',
    moving: true,
    by: 'week',
    of: 'climbing',
    until: '2026-05-31',
    year: 2025,
  }
  expect(validateHistorySearch(whole)).toEqual(whole)
  expect(
    validateHistorySearch({
      text: '  ',
      from: '31.5.2026',
      to: '2026-02-30',
      min: -1,
      max: 'far',
      near: '46.6,7.05',
      within: '1,2,3,four',
      whose: 'hers',
      status: 'LOST',
      show: 'rides',
      sort: 'newest',
      moving: 'no',
      by: 'month',
      until: '',
      year: 12,
    }),
  ).toEqual({})
})

test('what looks like a number may be a text, and what looks like a text a number', () => {
  expect(validateHistorySearch({ text: 2026, min: '20000', year: '2025' })).toEqual({
    text: '2026',
    min: 20_000,
    year: 2025,
  })
})

test('the wrong way round is meant the right way round', () => {
  expect(validateHistorySearch({ from: '2026-06-01', to: '2026-05-01', min: 9, max: 3 })).toEqual({
    from: '2026-05-01',
    to: '2026-06-01',
    min: 3,
    max: 9,
  })
})

test('a circle is somewhere, and no larger than the server looks in', () => {
  expect(parseNear('46.62,7.05,5000')).toEqual({ latitude: 46.62, longitude: 7.05, radius: 5000 })
  for (const text of ['91,7,5', '46,181,5', '46,7,0', '46,7,100001', '46,7,5,1', '46,,5', undefined])
    expect(parseNear(text), text).toBeNull()
  expect(printNear({ latitude: 46.62, longitude: 187.05, radius: 500.4 })).toBe('46.6200,-172.9500,500')
})

test('a box may lie across the 180th meridian, and is all round where the map is', () => {
  expect(printBox({ west: 170, south: -20, east: 190, north: 20 })).toBe(
    '170.0000,-20.0000,-170.0000,20.0000',
  )
  expect(parseBox('170,-20,-170,20')).toEqual({ west: 170, south: -20, east: -170, north: 20 })
  expect(printBox({ west: -200, south: -95, east: 200, north: 95 })).toBe(
    '-180.0000,-90.0000,180.0000,90.0000',
  )
  for (const text of ['7,47,8,46', '7,46,7,47', '7,46,181,47', '7,46,8'])
    expect(parseBox(text), text).toBeNull()
})

test('the server is asked for what is wanted, in its own words', () => {
  expect(filterOf({}, null)).toBeNull()
  expect(filterOf({ whose: 'all' }, 'me')).toBeNull()
  expect(filterOf({}, 'me')).toEqual({ riderId: 'me' })
  expect(
    filterOf(
      {
        text: 'alp',
        from: '2026-05-01',
        to: '2026-05-31',
        min: 20_000,
        max: 80_000,
        near: '46.62,7.05,5000',
        within: '7,46.5,7.2,46.7',
        whose: 'all',
        status: 'FINISHED',
      },
      'me',
    ),
  ).toEqual({
    status: ['FINISHED'],
    firstDay: '2026-05-01',
    lastDay: '2026-05-31',
    minDistance: 20_000,
    maxDistance: 80_000,
    near: { latitude: 46.62, longitude: 7.05, radius: 5000 },
    within: { west: 7, south: 46.5, east: 7.2, north: 46.7 },
    text: 'alp',
  })
  expect([orderOf(), orderOf('oldest'), orderOf('longest')]).toEqual([
    'STARTED_AT_DESC',
    'STARTED_AT_ASC',
    'DISTANCE_DESC',
  ])
})

test('what is wanted is the rides alone, not how they are shown', () => {
  expect(wantedOf({ show: 'totals', sort: 'oldest', year: 2026, text: 'alp' })).toEqual({ text: 'alp' })
})

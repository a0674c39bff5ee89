import { expect, test } from 'vitest'
import type { LogEvent } from '../../../web/log/documents.ts'
import { mostRows, noRows, withUpdate } from '../../../web/log/live-rows.ts'

function events(first: number, last: number): LogEvent[] {
  const all: LogEvent[] = []
  for (let position = last; position >= first; position--) {
    all.push({
      ...{ streamName: 'one', partition: 0, position, version: position, type: 'RidePaused' },
      ...{ recordedAt: '2026-05-31T08:00:00Z', bytes: 100 },
    })
  }
  return all
}
const update = (first: number, last: number, notShown = 0, snapshot = false) => ({
  ...{ snapshot, notShown, events: events(first, last) },
})

test('what comes stands above what was there, and what was passed over between', () => {
  const begun = withUpdate(noRows, update(1, 2, 0, true))
  const grown = withUpdate(begun, update(123, 124, 120))
  expect(
    grown.rows.map((row) => (row.kind === 'event' ? row.event.position : `${row.count} not shown`)),
  ).toEqual([...[124, 123, '120 not shown', 2, 1]])
  expect(grown.count).toBe(122)
})

test('rows are bounded, and an event that comes twice stands there once', () => {
  let rows = withUpdate(noRows, update(1, 50, 0, true))
  for (let last = 100; last <= 1_000; last += 50) rows = withUpdate(rows, update(last - 49, last))
  rows = withUpdate(rows, update(999, 1_001))
  expect(rows.rows).toHaveLength(mostRows)
  expect(new Set(rows.rows.map(({ key }) => key)).size).toBe(mostRows)
  expect(rows.count).toBe(951)
})

test('a snapshot takes the place of all', () => {
  const rows = withUpdate(withUpdate(noRows, update(1, 2, 0, true)), update(500, 549, 0, true))
  expect(rows.rows).toHaveLength(50)
})

import { expect, test } from 'vitest'
import { formatAgo } from '../../../web/live/ago.ts'

test.each([
  [0, 'just now'],
  [4_999, 'just now'],
  [5_000, '5 s ago'],
  [59_999, '59 s ago'],
  [60_000, '1 min ago'],
  [3_599_999, '59 min ago'],
  [3_600_000, '1 h ago'],
  [47.9 * 3_600_000, '47 h ago'],
  [48 * 3_600_000, '2 days ago'],
  [Number.NaN, '–'],
])('%d ms is %s', (milliseconds, words) => {
  expect(formatAgo(milliseconds)).toBe(words)
})

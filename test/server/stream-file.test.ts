import { expect, test } from 'vitest'
import { codingFor } from '#server/stream-file.ts'

test.each([
  [undefined, 'identity'],
  ['', 'identity'],
  ['identity', 'identity'],
  ['br, deflate', 'identity'],
  ['gzip;q=0', 'identity'],
  ['gzip; q=0.000, *', 'identity'],
  ['gzip;q=many', 'identity'],
  ['*;q=0', 'identity'],
  ['gzip', 'gzip'],
  ['GZIP', 'gzip'],
  ['x-gzip', 'gzip'],
  ['deflate, gzip ; q=0.1, br', 'gzip'],
  ['*', 'gzip'],
])('whoever accepts "%s" is sent %s', (header, coding) => {
  expect(codingFor(header)).toBe(coding)
})

import { expect, test } from 'vitest'
import { rowsOf } from './budgets.ts'
import { withTable } from './report.ts'

const machine = {
  cores: 2,
  processor: 'unknown',
  memoryGiB: 8,
  system: 'Linux x64',
  node: '24.0.0',
  postgres: '15.1',
}
const figures = { 'finish.1h.p50': 20 }
const report = {
  at: '2026-11-22T10:00:00.000Z',
  machine,
  rounds: 3,
  quick: false,
  figures,
  rows: rowsOf(figures),
}
const page = 'Before.\n<!-- written by npm run bench -->\nold\n<!-- until here -->\nAfter.\n'

test('the table takes the place of the one before, and nothing else changes', () => {
  const written = withTable(page, report)
  expect(written).toMatch(/^Before\.\n<!-- written by npm run bench -->\n/)
  expect(written).toMatch(/<!-- until here -->\nAfter\.\n$/)
  expect(written).not.toContain('old')
  expect(written).toContain('2026-11-22: 2 cores, 8 GiB, Linux x64')
  expect(written).toContain('| 20 ms |')
  expect(withTable(written, report)).toBe(written)
})

test('a page without a place for it is left as it is', () => {
  expect(() => withTable('Nothing here.', report)).toThrow('no place')
})

import { expect, test } from 'vitest'
import { rowsOf, unjudged } from './budgets.ts'
import { markdownOf, tableOf, withUnit } from './table.ts'

const figures = {
  'writes.project.perSecond': 20_000,
  'writes.mercurius.perSecond': 8_000,
  'writes.emmett.perSecond': 8_000,
  'writes.project.p99': 9,
  'writes.mercurius.p99': 9,
  'finish.1h.p50': 50.4,
}

test('a ratio is judged against its budget, whichever way it goes', () => {
  const rows = rowsOf(figures).map(({ work, other, verdict }) => `${other?.name ?? work}: ${verdict}`)
  expect(rows).toEqual([
    'Mercurius + pg: holds',
    // As late as theirs is not later.
    'Mercurius + pg: holds',
    // 2.5 times where 4 were wanted.
    "Emmett's store: fails",
    'RideEnded answered → FINISHED seen, one hour at 1 Hz, p50: fails',
  ])
})

test('what nobody was measured beside is shown once and not judged, and they are named', () => {
  const rows = rowsOf({
    'writes.project.perSecond': 20_000,
    'writes.project.p99': 9,
    'writes.bare.perSecond': 80_000,
  })
  expect(rows).toMatchObject([
    { work: expect.stringContaining('p99'), project: 9, other: undefined, verdict: 'not judged' },
    { project: 20_000, other: { value: 80_000 }, verdict: 'not judged' },
  ])
  expect(unjudged({ 'writes.project.perSecond': 20_000 })).toEqual([
    'Mercurius + pg',
    'PostGraphile 5',
    "Emmett's store",
  ])
  expect(unjudged({ 'finish.1h.p50': 1 })).toEqual([])
})

test('the table is aligned, and says of each row what is wanted', () => {
  const [head, first, ...others] = tableOf(rowsOf(figures)).split('\n')
  expect(head).toContain('compared with')
  expect(first).toMatch(/20,000\/s +Mercurius \+ pg +8,000\/s +2\.50 +≥ 2 × +ok$/)
  expect(others.at(-1)).toMatch(/50\.4 ms +≤ 50 ms +FAIL$/)
  const at = (line: string | undefined) => line?.indexOf('≥') ?? -1
  expect(at(first)).toBe(at(others.find((line) => line.includes('≥ 4'))))
})

test('in Markdown every row has as many cells as the head', () => {
  const lines = markdownOf(rowsOf(figures)).split('\n')
  expect(lines[1]).toContain('--:')
  for (const line of lines) expect(line.split(' | ')).toHaveLength(7)
})

test('figures are told to three digits or so', () => {
  expect(withUnit(12_345.6, '/s')).toBe('12,346/s')
  expect(withUnit(4.25, 'ms')).toBe('4.3 ms')
  expect(withUnit(8, 'KiB')).toBe('8 KiB')
})

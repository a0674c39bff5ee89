import { expect, test } from 'vitest'
import type { Line } from './judge.ts'
import { type Row, tableOf } from './table.ts'

const distance: Line = {
  measure: 'distance',
  shown: 20_099.6,
  device: 20_000,
  difference: 0.498,
  verdict: 'holds',
  note: '±0.5 %',
}
const gain: Line = {
  measure: 'gain',
  shown: null,
  device: 120,
  difference: undefined,
  verdict: 'fails',
  note: '±5 %',
}
const byDevice: Line = {
  ...gain,
  measure: 'gain by device',
  device: 98,
  verdict: 'not judged',
  note: 'its own sum',
}
const rows: readonly Row[] = [
  { name: 'a.fit', result: { outcome: 'judged', lines: [distance] } },
  { name: 'b.fit', result: { outcome: 'judged', lines: [distance, gain, byDevice] } },
  { name: 'c.fit', result: { outcome: 'refused', reason: 'It is a run.' } },
]

test('a file has whole numbers, differences with a sign, and words for the verdicts', () => {
  const [judgements] = tableOf(rows, { isTerminal: false }).split('\n\n')
  expect(judgements).toBe(
    `
                   Slipstream    device  difference
a.fit
  distance, m           20100     20000     +0.50 %  ok   ±0.5 %
b.fit
  distance, m           20100     20000     +0.50 %  ok   ±0.5 %
  gain, m                   –       120              FAIL ±5 %
  gain by device, m         –        98                   its own sum
c.fit
  FAIL  refused: It is a run.`.slice(1),
  )
})

test('it ends with what its columns and rows mean, and with how many hold', () => {
  const [, legend, count, ...more] = tableOf(rows, { isTerminal: false }).split('\n\n')
  for (const name of ['Slipstream', 'device', 'moving', 'gain', 'gain, ridden', 'gain by device']) {
    expect(legend).toMatch(new RegExp(`^${name} {2,}\\S`, 'm'))
  }
  expect(count).toBe('1 of 3 recordings within tolerance')
  expect(more).toEqual([])
})

test('a terminal has signs for the verdicts', () => {
  const table = tableOf(rows, { isTerminal: true })
  expect(table).toMatch(/\+0\.50 % {2}✓ /)
  expect(table).toMatch(/✗ {4}±5 %/)
  expect(table).not.toMatch(/\bok\b|FAIL/)
})

test('what rounds to nothing has no minus', () => {
  const lines = [{ ...distance, difference: -0.004 }]
  const table = tableOf([{ name: 'a.fit', result: { outcome: 'judged', lines } }], { isTerminal: true })
  expect(table).toMatch(/\+0\.00 %/)
})

test('no line is wider than 120 columns, whatever there is to say', () => {
  const reason = 'The file is damaged near its end. '.repeat(12)
  const long: readonly Row[] = [
    { name: 'a.fit', result: { outcome: 'judged', lines: [{ ...distance, note: reason }] } },
    { name: 'b.fit', result: { outcome: 'refused', reason } },
  ]
  const lines = tableOf(long, { isTerminal: true }).split('\n')
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(120)
  expect(lines.join(' ').match(/damaged/g)).toHaveLength(24)
})

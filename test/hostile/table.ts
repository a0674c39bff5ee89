/** What the attacks came to, as a table. */
import { isTooSlow, type Report, type Row } from './hostile-run.ts'

const head = ['attack', 'sent', 'took', 'finds', 'neighbour p99', 'times as long', 'memory', ''] as const

export function tableOf({ calm, rows }: Report): string {
  const all = [head, ['before all of them', '', '', '', ms(calm.p99Ms), '', '', ''], ...rows.map(cellsOf)]
  const widths = head.map((_, column) => Math.max(...all.map((cells) => cells[column]!.length)))
  return all.map((cells) => lineOf(cells, widths)).join('\n')
}

function lineOf(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, column) => (isNumber(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
    .join('  ')
    .trimEnd()
}

const isNumber = (column: number) => column > 0 && column < head.length - 1

function cellsOf(row: Row): string[] {
  const { attack, sent, seconds, findings, neighbour, slowdown, grownBytes } = row
  return [
    attack,
    sent.toLocaleString('en'),
    `${seconds.toFixed(1)} s`,
    String(findings.length),
    ms(neighbour.p99Ms),
    Number.isNaN(slowdown) ? '' : slowdown.toFixed(1),
    `${grownBytes < 0 ? '−' : '+'}${Math.round(Math.abs(grownBytes) / 1024 / 1024)} MiB`,
    findings.length > 0 ? 'FAIL' : isTooSlow(row) ? 'SLOW' : 'ok',
  ]
}

const ms = (value: number) => (Number.isNaN(value) ? '' : `${value.toFixed(1)} ms`)

/** Each find once, with how often it was met; the first of them. */
export function findsOf({ rows }: Report, most = 40): string {
  return rows
    .flatMap(({ attack, findings }) => findings.map((finding) => `${attack}: ${finding}`))
    .slice(0, most)
    .join('\n')
}

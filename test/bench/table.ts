/** The rows of a run as a table: for a terminal, and for a page. */
import type { Budget, Row, Unit, Verdict } from './budgets.ts'

type Cells = readonly [
  work: string,
  project: string,
  other: string,
  theirs: string,
  ratio: string,
  budget: string,
  verdict: string,
]

const head: Cells = ['work', 'Slipstream', 'compared with', 'theirs', 'ratio', 'budget', '']

export function tableOf(rows: readonly Row[]): string {
  const all = [head, ...rows.map((row) => cellsOf(row, { holds: 'ok', fails: 'FAIL', 'not judged': '' }))]
  const widths = head.map((_, column) => Math.max(...all.map((cells) => cells[column]!.length)))
  return all
    .map((cells) =>
      cells
        .map((cell, column) =>
          isNumber(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export function markdownOf(rows: readonly Row[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rule = head.map((_, column) => (isNumber(column) ? '--:' : '---'))
  return [head, rule, ...rows.map((row) => cellsOf(row, { holds: '✓', fails: '✗', 'not judged': '' }))]
    .map(line)
    .join('\n')
}

const isNumber = (column: number) => [1, 3, 4].includes(column)

function cellsOf(row: Row, marks: Readonly<Record<Verdict, string>>): Cells {
  const { work, unit, project, other, ratio, budget, verdict } = row
  return [
    work,
    withUnit(project, unit),
    other?.name ?? '',
    other === undefined ? '' : withUnit(other.value, unit),
    ratio === undefined ? '' : ratio.toFixed(2),
    budget === undefined ? '' : boundOf(budget, other === undefined ? unit : undefined),
    marks[verdict],
  ]
}

function boundOf({ is, bound }: Budget, unit: Unit | undefined): string {
  const sign = is === 'at least' ? '≥' : '≤'
  return unit === undefined ? `${sign} ${bound} ×` : `${sign} ${withUnit(bound, unit)}`
}

/** To three digits or so: what is behind them differs from run to run. */
export function withUnit(value: number, unit: Unit): string {
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : 1
  const number = value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
  return unit === '/s' ? `${number}/s` : `${number} ${unit}`
}

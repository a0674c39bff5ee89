/** Figures for a person: columns that line up, numbers with separators, durations in words. */

export interface Column<Row> {
  readonly heading: string
  readonly cell: (row: Row) => string
  /** Numbers line up at their right. */
  readonly isNumber?: boolean
}

export function columns<Row>(wanted: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = wanted.map(({ heading, cell }) => [heading, ...rows.map(cell)])
  const widths = cells.map((column) => Math.max(...column.map(({ length }) => length)))
  return cells[0]!
    .map((_, line) =>
      wanted
        .map(({ isNumber }, index) => {
          const text = cells[index]![line]!
          return isNumber === true ? text.padStart(widths[index]!) : text.padEnd(widths[index]!)
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const digits = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })

/** 1,234,567 */
export function number(value: number): string {
  return digits.format(value)
}

/** "1 ride", "1,234 rides" */
export function counted(value: number, singular: string): string {
  return `${number(value)} ${singular}${value === 1 ? '' : 's'}`
}

/** "12 s", "1 min 20 s", "2 h 5 min" */
export function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1_000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`
  return `${number(Math.floor(minutes / 60))} h ${minutes % 60} min`
}

/** To the second: 2026-05-31T08:00:12Z */
export function instant(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+/, '')
}

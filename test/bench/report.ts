/** Where the figures of a run are kept. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Row } from './budgets.ts'
import { describeMachine, type Machine } from './machine.ts'
import { type Plot, svgOf } from './plot.ts'
import type { Figures } from './rounds.ts'
import { markdownOf } from './table.ts'

export interface Report {
  /** RFC 3339. */
  readonly at: string
  readonly machine: Machine
  readonly rounds: number
  readonly quick: boolean
  readonly figures: Figures
  readonly rows: readonly Row[]
}

export function writeJson(file: string, content: unknown): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`)
}

/** A short look is no figure to publish. Gives the files. */
export function writePlots(plots: readonly Plot[], { quick }: { readonly quick: boolean }): string[] {
  const directory = quick ? '.data/bench' : 'docs/bench'
  mkdirSync(directory, { recursive: true })
  return plots.map((plot) => {
    const file = `${directory}/${plot.name}.svg`
    writeFileSync(file, svgOf(plot))
    return file
  })
}

const readme = new URL('../../README.md', import.meta.url)
const [opens, closes] = ['<!-- written by npm run bench -->', '<!-- until here -->']

/** What stands between the two marks in the README is the run's. */
export function writeReadme(report: Report): void {
  writeFileSync(readme, withTable(readFileSync(readme, 'utf8'), report))
}

export function withTable(page: string, { at, machine, rounds, rows }: Report): string {
  const [from, to] = [page.indexOf(opens), page.indexOf(closes)]
  if (from < 0 || to < from) throw new Error(`The page has no place for the table: ${opens} … ${closes}`)
  const medians = rounds === 1 ? 'one round' : `medians of ${rounds} rounds, each side in turn`
  const text = `Measured on ${at.slice(0, 10)}: ${describeMachine(machine)}; ${medians}.`
  return `${page.slice(0, from)}${opens}\n\n${text}\n\n${markdownOf(rows)}\n\n${page.slice(to)}`
}

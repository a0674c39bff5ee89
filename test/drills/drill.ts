/** A drill: what an operator may have to live through, done to the whole product, and what came of it. */
import type { Finding } from '../faults/ledger.ts'

export interface DrillOptions {
  /** How long it is under load; starting and looking come on top. */
  readonly minutes: number
  readonly onProgress?: (what: string) => void
}

export interface Report {
  /** What was done and seen, a sentence each. */
  readonly lines: readonly string[]
  /** Empty where everything holds. */
  readonly findings: readonly Finding[]
}

export interface Drill {
  run(options: DrillOptions): Promise<Report>
}

const mostFindings = 50

export function inWords({ lines, findings }: Report): string {
  return [
    ...lines.map((line) => `  ${line}`),
    ...findings.slice(0, mostFindings).map(({ defect, what }) => `${defect}: ${what}`),
    findings.length === 0 ? 'Everything holds.' : `Findings: ${findings.length}.`,
  ].join('\n')
}

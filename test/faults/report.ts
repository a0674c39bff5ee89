/** A fault run in words. */
import type { FaultReport } from './fault-run.ts'
import type { Defect } from './ledger.ts'

export function verdict({ findings }: FaultReport): 'holds' | 'fails' {
  return findings.length === 0 ? 'holds' : 'fails'
}

/** One line a count, then the findings, then the line that says it all. */
export function describe({ counts, findings }: FaultReport): string {
  const shown = findings.slice(0, mostFindings)
  const more = findings.length - shown.length
  return [
    ...[...counts].sort(([a], [b]) => a.localeCompare(b)).map(([what, count]) => `  ${count} ${what}`),
    ...shown.map(({ defect, what }) => `${defect}: ${what}`),
    ...(more > 0 ? [`and ${more} more`] : []),
    lastLine(findings.map(({ defect }) => defect)),
  ].join('\n')
}

const mostFindings = 50

function lastLine(defects: readonly Defect[]): string {
  const number = (defect: Defect) => defects.filter((each) => each === defect).length
  const others = [
    ...(number('stalled') > 0 ? [`${number('stalled')} stalled`] : []),
    ...(number('broken') > 0 ? [`${number('broken')} broken`] : []),
  ]
  const always = [
    `${number('lost')} lost`,
    `${number('duplicated')} duplicated`,
    `${number('hole')} holes`,
    `${number('diverged')} diverged`,
  ]
  return [...always, ...others].join(', ')
}

/** Findings for a terminal, and for programs. */
import type { Finding, Level } from './finding.ts'

const signs: Readonly<Record<Level, string>> = { good: '✓', doubtful: '!', wrong: '✗' }

export function reportText(findings: readonly Finding[]): string {
  const subjects = [...new Set(findings.map(({ about }) => about))]
  const parts = subjects.map((subject) => {
    const lines = findings
      .filter(({ about }) => about === subject)
      .flatMap(({ level, says, todo }) => [
        `  ${signs[level]} ${says}`,
        ...(todo === undefined ? [] : [`      → ${todo}`]),
      ])
    return [subject, ...lines].join('\n')
  })
  return [...parts, summaryOf(findings)].join('\n\n')
}

export function reportJson(findings: readonly Finding[]): string {
  return JSON.stringify({ isWell: isWell(findings), findings }, null, 2)
}

/** Nothing is wrong. */
export function isWell(findings: readonly Finding[]): boolean {
  return findings.every(({ level }) => level !== 'wrong')
}

function summaryOf(findings: readonly Finding[]): string {
  const count = (wanted: Level) => findings.filter(({ level }) => level === wanted).length
  return `${count('good')} right, ${count('doubtful')} to think about, ${count('wrong')} wrong.`
}

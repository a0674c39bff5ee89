/** What a page's markup keeps from those who do not see it or do not use a mouse, as axe finds it. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

export interface Violation {
  readonly impact: 'minor' | 'moderate' | 'serious' | 'critical'
  /** The rule. */
  readonly id: string
  /** What is wrong with which elements, a line each. */
  readonly nodes: readonly string[]
}

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** It is evaluated past the page, as by its console: the content security policy stays as it is. */
export async function violationsOn(page: Page): Promise<Violation[]> {
  await page.evaluate(`${source}; undefined`)
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, { resultTypes: ['violations'] })`)
  return violations.map(({ id, impact, nodes }) => ({
    id,
    impact: impact ?? 'minor',
    nodes: nodes.map(({ target, html, failureSummary }) => {
      const why = failureSummary?.split('\n').slice(1).join(' ').trim()
      return `${target.join(' ')}: ${html.slice(0, 160)} — ${why}`
    }),
  }))
}

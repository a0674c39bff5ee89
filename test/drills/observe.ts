/**
 * Observation: a real Prometheus looks at two APIs and two workers under load. What they tell is as it should be, each query of each
 * dashboard has an answer; then each fault that an alert is for is made, the alert fires, the fault is undone, and the alert is over.
 */
import { readFile } from 'node:fs/promises'
import { dashboards } from '../../scripts/dashboards/all.ts'
import type { Finding } from '../faults/ledger.ts'
import { eventually } from '../support/eventually.ts'
import type { DrillOptions, Report } from './drill.ts'
import { alone, beside, type Fault, slow } from './observe/faults.ts'
import { faultsOfExposition, type Prometheus, timesShorter } from './observe/prometheus.ts'
import { openScene, type Scene } from './observe/scene.ts'

/** Shorter than that only what is quickly seen is looked at. */
const minutesForAll = 1
/** Some thresholds are half a minute, and times are what the rules say, made shorter. */
const firesWithinMs = 150_000
const isOverWithinMs = 90_000
const alertsFile = new URL('../../ops/prometheus/alerts.yml', import.meta.url)

export async function run({ minutes, onProgress = () => undefined }: DrillOptions): Promise<Report> {
  const lines: string[] = []
  const findings: Finding[] = []
  const find = (what: string) => void findings.push({ defect: 'broken', what })
  const tell = (line: string) => {
    lines.push(line)
    onProgress(line)
  }
  await using scene = await openScene()
  tell(await allAreScraped(scene))
  for (const finding of await expositionFaults(scene)) find(finding)
  tell(await dashboardsAnswer(scene.prometheus, find))
  const isWhole = minutes >= minutesForAll
  tell(`The times of the rules are made ${timesShorter} times shorter; thresholds are as they are`)
  const together = isWhole ? [...beside, ...slow] : beside
  const groups: (readonly Fault[])[] = [together, ...(isWhole ? alone.map((fault) => [fault]) : [])]
  if (!isWhole) {
    const left = [...slow, ...alone].flatMap(({ alerts }) => alerts)
    tell(`Not made in so short a time, below --minutes ${minutesForAll}: the faults for ${left.join(', ')}`)
  } else {
    const meant = new Set(groups.flat().flatMap(({ alerts }) => alerts))
    const unmet = (await alertNames()).filter((name) => !meant.has(name))
    if (unmet.length > 0) find(`No fault is made for ${unmet.join(', ')}`)
  }
  for (const group of groups) {
    await quiet(scene.prometheus, group).catch((error: unknown) => find(sentenceOf(error)))
    await Promise.all(
      group.map((fault) =>
        meet(fault, scene, tell).catch((error: unknown) => find(`${fault.name}: ${sentenceOf(error)}`)),
      ),
    )
  }
  return { lines, findings }
}

async function alertNames(): Promise<string[]> {
  return (await readFile(alertsFile, 'utf8')).match(/(?<=- alert: )\w+/g) ?? []
}

async function allAreScraped({ prometheus }: Scene): Promise<string> {
  const up = await eventually('all four processes to be scraped', async () => {
    const [series] = await prometheus.ask('sum(up{job="slipstream"})')
    return series?.value === 4 && series
  })
  // Rates need two looks or more.
  await eventually('what is under way to be seen', async () => {
    const [series] = await prometheus.ask('sum(rate(slipstream_commands_total{outcome="accepted"}[10s]))')
    return series !== undefined && series.value > 0
  })
  const [events] = await prometheus.ask('sum(max by (partition) (slipstream_log_head_position))')
  return `${up.value} processes are scraped, ${events?.value} events are in the log`
}

async function expositionFaults({ apis, workers }: Scene): Promise<string[]> {
  const found = await Promise.all(
    [...apis, ...workers].map(async ({ url }) => {
      const response = await fetch(`${url}/metrics`)
      return faultsOfExposition(await response.text())
    }),
  )
  return found.filter((text) => text.trim() !== '')
}

/** As Grafana asks them, with its own variable filled in. */
async function dashboardsAnswer(prometheus: Prometheus, find: (what: string) => void): Promise<string> {
  let queries = 0
  for (const { title, rows } of dashboards) {
    for (const panel of rows.flatMap(({ panels }) => panels)) {
      for (const { expr } of panel.queries) {
        queries++
        const expression = expr.replaceAll('$__rate_interval', '10s')
        const isAnswered = async () => (await prometheus.ask(expression)).length > 0
        await eventually(`series of ${expr}`, isAnswered, { withinMs: 10_000 }).catch((error: unknown) =>
          find(`${title}, ${panel.title}: ${sentenceOf(error)}`),
        )
      }
    }
  }
  return `${queries} queries of ${dashboards.length} dashboards have series`
}

/** Before a fault is made none of its alerts may fire, or nothing would be shown. */
async function quiet(prometheus: Prometheus, faults: readonly Fault[]): Promise<void> {
  const alerts = faults.flatMap((fault) => fault.alerts)
  await eventually(
    `none of ${alerts.join(', ')} to fire`,
    async () => {
      const firing = await prometheus.firing()
      return !alerts.some((alert) => firing.has(alert))
    },
    { withinMs: isOverWithinMs, everyMs: 250 },
  )
}

async function meet(fault: Fault, scene: Scene, tell: (line: string) => void): Promise<void> {
  const { prometheus } = scene
  const begunAt = performance.now()
  const undo = await fault.make(scene)
  const fired = await eventually(
    `${fault.alerts.join(' and ')} to fire`,
    async () => {
      const firing = await prometheus.firing()
      return fault.alerts.every((alert) => firing.has(alert))
    },
    { withinMs: firesWithinMs, everyMs: 250 },
  ).finally(undo)
  const undoneAt = performance.now()
  await quiet(prometheus, [fault])
  if (fired) {
    const seconds = (from: number, to: number) => Math.round((to - from) / 1_000)
    tell(
      `${fault.alerts.join(' and ')}: ${fault.name}; fired after ${seconds(begunAt, undoneAt)} s, over ${seconds(undoneAt, performance.now())} s after it was undone`,
    )
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

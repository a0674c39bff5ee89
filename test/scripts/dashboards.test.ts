/** The dashboards and alerts that are provisioned ask for what the program tells. */
import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { openMetrics } from '#telemetry/metrics.ts'
import { dashboards } from '../../scripts/dashboards/all.ts'
import { dashboardJson } from '../../scripts/dashboards/panel.ts'

const ops = new URL('../../ops/', import.meta.url)
const alertsText = () => readFile(new URL('prometheus/alerts.yml', ops), 'utf8')

test('what is provisioned is what the script writes: npm run dashboards', async () => {
  const directory = new URL('grafana/dashboards/', ops)
  expect((await readdir(directory)).sort()).toEqual(dashboards.map(({ uid }) => `${uid}.json`).sort())
  for (const dashboard of dashboards) {
    expect(await readFile(new URL(`${dashboard.uid}.json`, directory), 'utf8')).toBe(dashboardJson(dashboard))
  }
})

test('every name in dashboards and alerts is one that a process tells', async () => {
  const { text } = await openMetrics({ version: '0', role: 'all' }).exposition()
  const told = new Set(text.match(/(?<=^# TYPE )\S+/gm))
  const asked = [
    ...dashboards.flatMap(({ rows }) =>
      rows.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries.map(({ expr }) => expr))),
    ),
    ...((await alertsText()).match(/(?<=expr:)[^#]*?(?=\n {8}\w)/g) ?? []),
  ]
  const names = asked.flatMap((expr) => expr.match(/\b(slipstream|nodejs|process)_\w+/g) ?? [])
  expect(new Set(names).size).toBeGreaterThan(35)
  const unknown = names.filter((name) => !told.has(name.replace(/_(bucket|count|sum)$/, '')))
  expect(unknown).toEqual([])
})

test('every metric is on a dashboard', async () => {
  const { text } = await openMetrics({ version: '0', role: 'all' }).exposition()
  const told = text.match(/(?<=^# TYPE )slipstream_\S+/gm) ?? []
  const shown = JSON.stringify(dashboards)
  // Whether the others are from now, which an alert need not know.
  const beside = ['slipstream_database_vitals_answered']
  expect(told.filter((name) => !shown.includes(name))).toEqual(beside)
})

test('each alert has a section in the runbook', async () => {
  const alerts = (await alertsText()).match(/(?<=- alert: )\w+/g) ?? []
  const handbook = await readFile(new URL('../../docs/operate.md', import.meta.url), 'utf8')
  expect(alerts.length).toBeGreaterThan(10)
  expect(alerts.filter((name) => !handbook.includes(`### ${name}\n`))).toEqual([])
  const linked = (await alertsText()).match(/(?<=operate\.md#)\w+/g)
  expect(linked).toEqual(alerts.map((name) => name.toLowerCase()))
})

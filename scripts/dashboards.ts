/** npm run dashboards: writes ops/grafana/dashboards, as Grafana is provisioned with them, from `scripts/dashboards`. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dashboards } from './dashboards/all.ts'
import { dashboardJson } from './dashboards/panel.ts'

const directory = new URL('../ops/grafana/dashboards/', import.meta.url)

await mkdir(directory, { recursive: true })
for (const dashboard of dashboards) {
  await writeFile(new URL(`${dashboard.uid}.json`, directory), dashboardJson(dashboard))
}

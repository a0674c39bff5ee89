/** What an operator sees of it, in a short form (`npm run drill -- observe` makes every fault that there is an alert for). */
import { expect, test } from 'vitest'
import { needsPostgres } from '../support/database.ts'
import { needsPrograms } from '../support/programs.ts'
import { inWords } from './drill.ts'
import { run } from './observe.ts'

test('Prometheus reads four processes under load, dashboards have series, and alerts fire and are over', async (context) => {
  needsPostgres(context)
  needsPrograms(context, 'prometheus', 'promtool')
  const report = await run({ minutes: 0.1 })
  expect(report.findings, inWords(report)).toEqual([])
}, 240_000)

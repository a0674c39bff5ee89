/** A short fault run (`npm run faults` makes long ones, with any seed). */
import { expect, test } from 'vitest'
import { runFaults } from '../faults/fault-run.ts'
import { describe } from '../faults/report.ts'
import { needsPostgres } from '../support/database.ts'

test('killed, cut off and stopped under full load it loses, repeats and holds up nothing', async (context) => {
  needsPostgres(context)
  const report = await runFaults({ seed: 2, durationMs: 20_000, riders: 16 })
  expect(report.findings, describe(report)).toEqual([])
  // It was not easy, and not for nothing.
  const count = (what: string) => report.counts.get(what) ?? 0
  expect(count('kills of api') + count('kills of worker') + count('kills of postgres')).toBeGreaterThan(0)
  expect(count('acknowledged')).toBeGreaterThan(100)
  expect(count('events verified')).toBeGreaterThan(count('acknowledged'))
  expect(count('feeds watched to their end')).toBeGreaterThan(0)
}, 180_000)

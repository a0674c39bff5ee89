/** A short fault run (`npm run faults` makes long ones, with any seed). */
import { expect, test } from 'vitest'
import { runFaults } from '../faults/fault-run.ts'
import { describe } from '../faults/report.ts'
import { needsPostgres } from '../support/database.ts'

// With this seed these come first: an API and PostgreSQL are killed, a worker is stopped, answers to commits of an API and
// a worker are lost, a worker is killed.
const seed = 3252
const leastFaults = 6

test('killed, cut off and stopped under full load it loses, repeats and holds up nothing', async (context) => {
  needsPostgres(context)
  const report = await runFaults({ seed, leastFaults, durationMs: 15_000, riders: 16 })
  expect(report.findings, describe(report)).toEqual([])
  const count = (what: string) => report.counts.get(what) ?? 0
  for (const fault of ['kills of api', 'kills of postgres', 'kills of worker', 'stops of worker']) {
    expect(count(fault), fault).toBeGreaterThan(0)
  }
  // RideFinished is the system's own, so that there are more events than acknowledgements.
  expect(count('events verified')).toBeGreaterThan(count('acknowledged'))
  expect(count('feeds watched to their end')).toBeGreaterThan(0)
}, 240_000)

/** The drills in their short form (`npm run drill` makes long ones). */
import { expect, test } from 'vitest'
import { needsPostgres } from '../support/database.ts'
import { inWords } from './drill.ts'
import { run } from './restore.ts'

test('backed up under load and brought back, by a dump and to a point in time, it has all that was acknowledged before and goes on', async (context) => {
  needsPostgres(context)
  const report = await run({ minutes: 0.05 })
  expect(report.findings, inWords(report)).toEqual([])
}, 480_000)

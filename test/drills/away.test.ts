import { expect, test } from 'vitest'
import { needsPostgres } from '../support/database.ts'
import { needsPrograms } from '../support/programs.ts'
import { run } from './away.ts'
import { inWords } from './drill.ts'

test('a database that is stopped, or silent, under load is not waited for, and nothing acknowledged is lost', async (context) => {
  needsPostgres(context)
  needsPrograms(context, 'caddy')
  const report = await run({ minutes: 0.03 })
  expect(report.findings, inWords(report)).toEqual([])
}, 240_000)

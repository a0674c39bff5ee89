/** The drill in its short form: each process once (`npm run drill -- rolling-restart` goes round for minutes). */
import { expect, test } from 'vitest'
import { needsPostgres } from '../support/database.ts'
import { needsPrograms } from '../support/programs.ts'
import { inWords } from './drill.ts'
import { run } from './rolling-restart.ts'

test('restarted one after the other under load, no command fails, and no feed has a gap or repeats anything', async (context) => {
  needsPostgres(context)
  needsPrograms(context, 'caddy')
  const report = await run({ minutes: 0 })
  console.log(inWords(report))
  expect(report.findings, inWords(report)).toEqual([])
  expect(report.lines.join('\n')).toMatch(/^4 restarts in 1 rounds/)
}, 240_000)

import { expect, test } from 'vitest'
import { needsPostgres } from '../support/database.ts'
import { mayMount } from '../support/small-disk.ts'
import { inWords } from './drill.ts'
import { run } from './full-disk.ts'

test('a full disk, of tables or of the write-ahead log, loses nothing, ends no process, is said, and is got over', async (context) => {
  needsPostgres(context)
  if (!mayMount()) context.skip('a disk that can be filled up is mounted by root alone')
  const report = await run({ minutes: 0.03 })
  expect(report.findings, inWords(report)).toEqual([])
}, 240_000)

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordingsIn } from './directory.ts'

let directory: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipstream-recordings-'))
  await mkdir(join(directory, 'old.fit'))
  await mkdir(join(directory, 'empty'))
  for (const name of ['b.FIT', 'a.gpx', 'c.tcx.gz', 'README.md', 'notes.gz']) {
    await writeFile(join(directory, name), '')
  }
})
afterAll(() => rm(directory, { recursive: true }))

test('recordings are told by their names, packed ones too; what else there is, is named', async () => {
  expect(await recordingsIn(directory)).toEqual({
    outcome: 'listed',
    recordings: ['a.gpx', 'b.FIT', 'c.tcx.gz'],
    skipped: ['README.md', 'empty', 'notes.gz', 'old.fit'],
  })
})

test.each([
  ['nowhere', /There is no directory .*nowhere/],
  ['README.md', /README\.md is a file/],
  ['empty', /There is no recording in .*empty/],
])('says what is wrong with %s', async (name, message) => {
  expect(await recordingsIn(join(directory, name))).toEqual({
    outcome: 'mistake',
    message: expect.stringMatching(message),
  })
})

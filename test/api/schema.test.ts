import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('schema.graphql is what the server serves; `npm run schema` prints it', async () => {
  const kept = await readFile('schema.graphql', 'utf8')
  const { stdout } = await promisify(execFile)(process.execPath, ['src/cli/schema.ts'])
  expect(stdout).toBe(kept)
})

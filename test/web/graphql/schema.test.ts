import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')

/** What to run when this fails: `npx gql.tada generate-output --tsconfig web/tsconfig.json`. */
it('the types of the web app’s documents are those of the printed schema', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'slipstream-schema-'))
  try {
    const output = join(directory, 'schema.generated.d.ts')
    const command = join(root, 'node_modules/gql.tada/bin/cli.js')
    await promisify(execFile)(
      process.execPath,
      [command, 'generate-output', '--tsconfig', 'web/tsconfig.json', '--output', output],
      { cwd: root },
    )
    const committed = await readFile(join(root, 'web/graphql/schema.generated.d.ts'), 'utf8')
    expect(await readFile(output, 'utf8')).toBe(committed)
  } finally {
    await rm(directory, { recursive: true })
  }
})

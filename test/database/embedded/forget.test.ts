import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { connect, startRide } from '../../api/client.ts'
import { ended, startCommand } from '../../support/command.ts'
import { startProduct } from '../../support/product.ts'

test('npm run forget works beside the running server and without it; the local rider stays', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'slipstream-forget-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const env = { DATA_DIR: directory }
  const rider = '00000000-0000-4000-8000-000000000001'
  await using product = await startProduct({ env })
  await using client = connect(product.url)
  await startRide(client)
  expect(await ended(startCommand('forget.ts', env, rider, '--yes'))).toMatchObject({
    code: 0,
    output: expect.stringContaining('1 ride deleted. Nothing of the rider was found'),
  })
  const asked = '{ viewer { name } rides { totalCount } }'
  expect((await client.ask(asked)).data).toMatchObject({
    viewer: { name: 'Local rider' },
    rides: { totalCount: 0 },
  })
  await startRide(client)
  await product.stop()
  const { code, output } = await ended(startCommand('forget.ts', env, rider, '--yes'))
  expect(output).toContain('1 ride deleted')
  expect(output).toContain('The local rider himself stays')
  expect(code).toBe(0)
  const unsure = await ended(startCommand('forget.ts', env, rider))
  expect(unsure.output).toContain('Nothing is known of this rider.')
}, 90_000)

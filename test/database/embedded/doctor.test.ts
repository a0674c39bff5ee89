import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openEmbedded } from '#database/embedded.ts'
import { migrate } from '#database/migrate.ts'
import { ended, startCommand } from '../../support/command.ts'

test('npm run doctor looks at an embedded database while somebody has it open and while nobody has', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'slipstream-doctor-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const doctor = () => ended(startCommand('doctor.ts', { DATA_DIR: directory }))
  const owner = await openEmbedded({ directory })
  expect(await doctor()).toMatchObject({
    ...{ code: 0, complaint: '', output: expect.stringContaining('! There are no tables yet.') },
  })
  await migrate({ url: owner.url, partitions: 1 })
  const beside = await doctor()
  await owner.close()
  const alone = await doctor()
  expect(beside.output).toContain('✓ A process of Slipstream has it open.')
  expect(alone.output).toContain('✓ No process of Slipstream works on it now.')
  for (const { code, output } of [beside, alone]) {
    expect(output).toContain('! It is the embedded one')
    expect(output).toContain('✓ The tables are of this version.')
    expect(output).toContain('✓ The log has 0 events in 1 partition.')
    expect(output).toMatch(/[✓!] The database takes \d+ MB, and .+ are free on its disk\./)
    expect(code).toBe(0)
  }
})

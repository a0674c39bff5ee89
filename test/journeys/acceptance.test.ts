/** `npm run accept` as a person runs it, on a product that runs. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import { serve } from '../api/serve.ts'
import { writeFit } from '../recordings/write-fit.ts'
import { writeGpx } from '../recordings/write-gpx.ts'
import { ended } from '../support/command.ts'

const served = serve()
const startedAt = Date.UTC(2026, 4, 1, 8)
const ride = simulateRide({ seed: 8, start: { latitude: 46, longitude: 14 }, startedAt, duration: 600 })
const { endedAt } = ride

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipstream-recordings-'))
  await writeFile(join(directory, 'README.md'), 'Mine.')
  await writeFile(join(directory, 'good.gpx'), writeGpx(ride))
})
afterAll(() => rm(directory, { recursive: true }))

function accept() {
  const child = spawn(process.execPath, ['test/acceptance/run.ts', directory, '--url', served.product.url], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return ended(child)
}

test('recordings that come out as their devices say are accepted', async () => {
  const { code, output, complaint } = await accept()
  expect(output).toMatch(/good\.gpx\n.*\n {2}distance, m .* ok .*by its points\n/)
  expect(output).toMatch(/\n {2}elapsed, s .* ok {3}to the second/)
  expect(output.trimEnd()).toMatch(/1 of 1 recordings within tolerance$/)
  expect(complaint).toBe('Skipped, for they are no recordings: README.md\n1 of 1  good.gpx\n')
  expect(code).toBe(0)
})

test('one that comes out otherwise and one that is refused are not', async () => {
  const session = { startedAt, endedAt, total_distance: 100 }
  await writeFile(join(directory, 'other.fit'), writeFit(ride, { sessions: [session] }))
  await writeFile(join(directory, 'torn.fit'), writeFit(ride).subarray(0, 1_000))
  const { code, output } = await accept()
  expect(output).toMatch(/other\.fit\n.*\n {2}distance, m +\d+ +100 .* FAIL/)
  expect(output).toMatch(/torn\.fit\n {2}FAIL {2}refused: The FIT file is truncated or damaged/)
  expect(output.trimEnd()).toMatch(/1 of 3 recordings within tolerance$/)
  expect(code).toBe(1)
})

/**
 * The command as a person runs it: a process with arguments, output, signals and an exit code.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import { writeFit } from '../recordings/write-fit.ts'
import { startFakeService } from './fake-service.ts'

const ride = simulateRide({
  seed: 5,
  start: { latitude: 46, longitude: 14 },
  startedAt: Date.UTC(2026, 4, 1, 8),
  duration: 600,
})
let directory: string
let file: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipstream-ride-'))
  file = join(directory, 'morning.fit')
  await writeFile(file, writeFit(ride))
})
afterAll(() => rm(directory, { recursive: true }))

test('it names the ride and its page first, and at its end the status, the distance and the page', async () => {
  await using service = await startFakeService()
  const { exitCode, output } = await run([file, '--url', service.url.href, '--speed', 'max'])
  expect(exitCode).toBe(0)
  const rideId = service.recorded[0]!.input.rideId
  const lines = output.trimEnd().split('\n')
  expect(lines.slice(0, 2)).toEqual([`Ride ${rideId}`, `${service.url.href}rides/${rideId}`])
  expect(lines).toContain('50 %  310 of 601 positions')
  expect(lines.slice(-2)).toEqual(['FINISHED  12.35 km (12346 m)', `${service.url.href}rides/${rideId}`])
  expect(service.recorded[0]!.input.title).toBe('morning')
})

test('it reads a recording that is packed by gzip, and names the ride after what is in it', async () => {
  await using service = await startFakeService()
  await writeFile(`${file}.gz`, gzipSync(writeFit(ride)))
  const { exitCode } = await run([`${file}.gz`, '--url', service.url.href, '--speed', 'max'])
  expect(exitCode).toBe(0)
  expect(service.recorded[0]!.input.title).toBe('morning')
})

test('it says what it waits for while the server does not answer, and goes on when it does', async () => {
  await using service = await startFakeService()
  await service.shut()
  const child = start([file, '--url', service.url.href, '--speed', 'max'])
  const output = text(child.stdout!)
  await said(child, /(no connection \(.*ECONNREFUSED.*\); sending again in.*){2}/s)
  await service.open()
  expect((await once(child, 'close'))[0]).toBe(0)
  expect((await output).match(/does not answer; trying for 10 s/g)).toHaveLength(1)
  expect(service.recorded.at(-1)!.field).toBe('endRide')
})

test('it waits for a server that goes away in the middle, and says so', async () => {
  await using service = await startFakeService()
  const child = start([file, '--url', service.url.href, '--speed', '300'])
  const output = text(child.stdout!)
  await said(child, /10 %/)
  await service.shut()
  await said(child, /does not answer any more\. What falls due is kept.*sending again in/s)
  await service.open()
  expect((await once(child, 'close'))[0]).toBe(0)
  expect((await output).match(/does not answer any more/g)).toHaveLength(1)
  expect(service.recorded.at(-1)!.field).toBe('endRide')
})

test('it says so where something else answers at the address', async () => {
  const other = createServer((_request, response) => response.writeHead(404).end())
  onTestFinished(() => void other.close())
  other.listen(0, '127.0.0.1')
  await once(other, 'listening')
  const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`
  const child = start([file, '--url', url, '--speed', 'max'])
  onTestFinished(() => void child.kill())
  await said(
    child,
    new RegExp(`What answers at ${url} is no Slipstream; trying for 10 s.*answers 404 to a WebS`, 's'),
  )
})

test('Ctrl-C stops it with the ride open, telling how much was sent', async () => {
  await using service = await startFakeService()
  const child = start([file, '--url', service.url.href, '--speed', '100'])
  const output = text(child.stderr!)
  await said(child, /10 %/)
  child.kill('SIGINT')
  expect((await once(child, 'close'))[0]).toBe(130)
  expect(await output).toMatch(
    /Stopped\. \d+ of 601 positions sent; the ride stays open\.\n.*endRide.*twelve hours/,
  )
  expect(service.recorded.map(({ field }) => field)).not.toContain('endRide')
})

test('Ctrl-C before the ride was started names no ride', async () => {
  await using service = await startFakeService()
  await service.shut()
  const child = start([file, '--url', service.url.href, '--speed', 'max'])
  const output = Promise.all([text(child.stdout!), text(child.stderr!)])
  await said(child, /sending again/)
  child.kill('SIGINT')
  expect((await once(child, 'close'))[0]).toBe(130)
  const words = (await output).join('')
  expect(words).toContain('Stopped before the server had confirmed the start of the ride.')
  expect(words).not.toMatch(/Ride [0-9a-f]|rides\//)
})

test('it sends the ride to its end although nobody reads its output any more', async () => {
  await using service = await startFakeService()
  const child = start([file, '--url', service.url.href, '--speed', 'max'])
  const complaint = text(child.stderr!)
  await said(child, /Ride /)
  child.stdout!.destroy()
  expect((await once(child, 'close'))[0]).toBe(0)
  expect(await complaint).toBe('')
  expect(service.recorded.at(-1)!.field).toBe('endRide')
})

test.each([
  ['no file', [], 2, /Which recording/],
  ['a file that is not there', ['absent.gpx'], 1, /There is no file absent.gpx/],
  ['a directory', [tmpdir()], 1, /cannot be read/],
  ['a file of another format', [import.meta.filename], 1, /neither GPX, TCX nor FIT/],
])('given %s it says so', async (_, args, code, message) => {
  const { exitCode, complaint } = await run(args)
  expect(exitCode).toBe(code)
  expect(complaint).toMatch(message)
})

test('what the server refuses is said with its reason', async () => {
  await using service = await startFakeService({ fault: (count) => (count === 2 ? 'refuse' : undefined) })
  const { exitCode, complaint } = await run([file, '--url', service.url.href, '--speed', 'max'])
  expect(exitCode).toBe(1)
  expect(complaint).toMatch(/refused an upload of the ride: Too early\. \(at\) \[INVALID_INPUT\]/)
})

test('where the token may write rides and not read them, it says so and has done its work', async () => {
  await using service = await startFakeService({ showsNothing: true })
  const { exitCode, output, complaint } = await run([file, '--url', service.url.href, '--speed', 'max'])
  expect(complaint).toBe('')
  expect(output).toMatch(/Everything was sent\. What became of the ride is not shown: .*rides:read/)
  expect(exitCode).toBe(0)
  expect(service.recorded.at(-1)!.field).toBe('endRide')
})

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, '../../src/cli/ride.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function run(args: readonly string[]) {
  const child = start(args)
  const [output, complaint, [exitCode]] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, 'close'),
  ])
  return { output, complaint, exitCode }
}

function said(child: ChildProcess, wanted: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let heard = ''
    child.stdout!.on('data', (chunk: Buffer) => {
      heard += chunk.toString()
      if (wanted.test(heard)) resolve()
    })
    child.once('close', () => reject(new Error(`It ended having said: ${heard}`)))
  })
}

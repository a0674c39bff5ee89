/** The command as a person runs it, against as much of the service as takes rides. */

import { once } from 'node:events'
import { expect, test } from 'vitest'
import { ended, startCommand } from '../support/command.ts'
import { eventually } from '../support/eventually.ts'
import { type FakeHttpService, startFakeHttpService } from './fake-http-service.ts'

const simulate = (service: Pick<FakeHttpService, 'url'>, ...args: readonly string[]) =>
  startCommand('simulate.ts', {}, '--url', service.url.href, ...args)
/** A minute and a half. */
const briefly = ['--seconds', '3', '--speed', '30'] as const

test('riders set out, send where they are and end their rides when the time is over', async () => {
  await using service = await startFakeHttpService()
  const began = Date.now()
  const { code, output, complaint } = await ended(simulate(service, '--riders', '40', ...briefly))
  expect([code, complaint]).toEqual([0, ''])
  const rides = [...service.rides().values()]
  expect(rides.length).toBeGreaterThanOrEqual(40)
  let sending = 0
  for (const steps of rides) {
    expect(steps[0]!.field).toBe('startRide')
    expect(steps.at(-1)!.field).toBe('endRide')
    const times = steps.flatMap(({ input }) => input.positions ?? []).map(({ at }) => Date.parse(at))
    // Called off before his first upload.
    if (times.length === 0) continue
    sending++
    expect(times[0]).toBe(Date.parse(steps[0]!.input.startedAt!))
    expect(times.every((at, index) => index === 0 || at > times[index - 1]!)).toBe(true)
    expect(times.at(-1)).toBeLessThan(Date.now())
    expect(times[0]).toBeGreaterThan(began - 91_000)
  }
  expect(sending).toBeGreaterThan(10)
  const titles = new Set(rides.map(([start]) => start!.input.title))
  expect(titles.size).toBe(rides.length)
  expect(output).toMatch(/^40 riders, to be seen at http/)
  expect(output).toMatch(/\d+ rides: \d+ ended\. \d+ positions in \d+ uploads\.\n$/)
  // A socket a rider would be 40.
  expect(service.connections).toBeLessThanOrEqual(32)
})

test('it says who it is and who may see the rides, and leaves them open where it is told to', async () => {
  await using service = await startFakeHttpService()
  const args = ['--riders', '3', '--visibility', 'public', '--token', 'mine', '--leave-open', ...briefly]
  const { code, output } = await ended(simulate(service, ...args))
  expect(code).toBe(0)
  expect(output).toMatch(/0 ended, 3 left open/)
  expect([...service.tokens]).toEqual(['Bearer mine'])
  expect(service.told.map(({ field }) => field)).not.toContain('endRide')
  for (const [start] of service.rides().values()) expect(start!.input.visibility).toBe('PUBLIC')
})

test('Ctrl-C stops it and ends the rides', async () => {
  await using service = await startFakeHttpService()
  const child = simulate(service, '--riders', '5', '--seconds', '600', '--speed', '30')
  const told = ended(child)
  await eventually('all to ride', async () => service.rides().size >= 1)
  child.kill('SIGINT')
  const { code, output, complaint } = await told
  expect(code).toBe(130)
  expect(output).toMatch(/Stopping and ending the rides/)
  expect(complaint).toMatch(/Stopped\. \d rides?: \d ended/)
  for (const steps of service.rides().values()) expect(steps.at(-1)!.field).toBe('endRide')
})

test('history is finished rides of the last two years, in few uploads', async () => {
  await using service = await startFakeHttpService()
  const { code, output } = await ended(simulate(service, '--history', '3'))
  expect(code).toBe(0)
  expect(output).toMatch(/^3 rides: 3 ended\. .*\nhttp:.*\/history\n$/ms)
  const rides = [...service.rides().values()]
  expect(rides).toHaveLength(3)
  for (const steps of rides) {
    const [start] = steps
    const end = steps.at(-1)!
    expect([start!.field, end.field]).toEqual(['startRide', 'endRide'])
    expect(Date.parse(start!.input.startedAt!)).toBeGreaterThan(Date.now() - 740 * 86_400_000)
    expect(Date.parse(end.input.at!)).toBeLessThan(Date.now())
    const uploads = steps.flatMap(({ input }) => (input.positions ? [input.positions.length] : []))
    expect(Math.max(...uploads)).toBeLessThanOrEqual(1_000)
    expect(uploads.reduce((sum, length) => sum + length, 0)).toBeGreaterThan(900)
    expect(uploads.length).toBeLessThan(40)
  }
})

test.each([
  [
    'what is refused',
    200,
    { data: { startRide: { code: 'FORBIDDEN', message: 'Not you.' } } },
    /refused the start of the ride: Not you\. \[FORBIDDEN\]/,
  ],
  [
    'a missing token',
    401,
    { errors: [{ message: 'Who is it?', extensions: { code: 'UNAUTHENTICATED' } }] },
    /Who is it\? \[UNAUTHENTICATED\] Give a token by --token/,
  ],
])('%s is said with its reason, and nobody rides on', async (_, status, body, reason) => {
  await using service = await startFakeHttpService({
    answers: () => ({ status, body: JSON.stringify(body) }),
  })
  const { code, complaint } = await ended(simulate(service, '--riders', '3', '--seconds', '600'))
  expect(code).toBe(1)
  expect(complaint).toMatch(reason)
  expect(complaint.trim().split('\n')).toHaveLength(1)
})

test('what the server asks patience for is sent again, once an answer is there', async () => {
  let busy = 2
  await using service = await startFakeHttpService({
    answers: () => {
      if (busy-- <= 0) return undefined
      const extensions = { code: 'RATE_LIMITED', retryAfter: 0.01 }
      return { status: 429, body: JSON.stringify({ errors: [{ message: 'Too often.', extensions }] }) }
    },
  })
  const { code, output } = await ended(simulate(service, '--riders', '1', ...briefly))
  expect(code).toBe(0)
  expect(output).toMatch(/; 2 times something was sent again\.\n$/)
})

test('it says so where something else answers at the address', async () => {
  await using service = await startFakeHttpService({
    answers: () => ({ status: 404, body: '<p>Nothing here' }),
  })
  const child = simulate(service, '--riders', '2')
  child.stdout!.setEncoding('utf8')
  let heard = ''
  child.stdout!.on('data', (words: string) => {
    heard += words
  })
  await eventually('it to say so', async () => heard.includes('is no Slipstream; trying for 10 s.'))
  child.kill('SIGINT')
  expect(await once(child, 'close')).toEqual([130, null])
})

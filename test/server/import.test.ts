/** POST /rides/import, as a client sees it. */
import { once } from 'node:events'
import { type ClientRequest, request } from 'node:http'
import { gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import { serve } from '../api/serve.ts'
import { writeFit } from '../recordings/write-fit.ts'
import { writeGpx } from '../recordings/write-gpx.ts'
import { writeTcx } from '../recordings/write-tcx.ts'
import { eventually } from '../support/eventually.ts'

const served = serve()
const address = () => `${served.product.url}/rides/import`

let seeds = 100
/** A ride that nobody has imported yet. */
const newRide = () =>
  simulateRide({
    seed: ++seeds,
    start: { latitude: 46.05, longitude: 14.5 },
    startedAt: Date.UTC(2026, 4, 1, 8),
    duration: 1_800,
  })

const send = (body: BodyInit, headers: Record<string, string> = {}) =>
  fetch(address(), { method: 'POST', body, headers })

async function answerOf(response: Response) {
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

test('a file becomes a ride at its own times, answered with its address, and is finished soon', async () => {
  const ride = newRide()
  const response = await send(writeTcx(ride))
  const { status, body } = await answerOf(response)
  expect(status).toBe(201)
  const { rideId, version, cursor } = body
  expect(response.headers.get('location')).toBe(`/rides/${rideId}`)
  const positions = ride.entries.filter(({ kind }) => kind === 'position').length
  expect(body).toEqual({
    ...{ rideId, version, cursor, positions },
    ...{ status: 'ENDED', leftOut: 0, leftOutReasons: [], lostPlaces: 0, alreadyImported: false },
  })
  const feed = served.client.subscribe(
    'subscription ($ride: ID!, $after: Cursor) { rideFeed(rideId: $ride, after: $after, until: FINISHED) { type } }',
    { ride: rideId, after: cursor },
  )
  const items: unknown[] = []
  for await (const { data } of feed) items.push(data?.['rideFeed'])
  expect(items).toEqual([{ type: 'FINISHED' }])
  await eventually('the ride on the read side', async () => {
    const { data } = await served.client.ask(
      'query ($id: ID!) { ride(id: $id) { status startedAt endedAt } }',
      {
        id: rideId,
      },
    )
    expect(data?.['ride']).toEqual({
      status: 'FINISHED',
      startedAt: new Date(ride.startedAt).toISOString(),
      endedAt: new Date(ride.endedAt).toISOString(),
    })
    return true
  })
  const again = await answerOf(await send(writeTcx(ride)))
  expect(again).toEqual({
    status: 200,
    body: { rideId, version, cursor, status: 'FINISHED', alreadyImported: true },
  })
})

test('what its device recorded in pauses is in the log, and the answer says what is not', async () => {
  const startedAt = Date.UTC(2026, 4, 2, 8)
  const sample = (second: number, latitude = 46 + second / 50_000) => ({
    kind: 'position' as const,
    position: { at: startedAt + second * 1_000, latitude, longitude: 14 },
  })
  const nowhere = 120
  const entries = [
    ...[sample(0), sample(1), sample(2)],
    { kind: 'pause' as const, at: startedAt + 2_500 },
    ...[sample(10), sample(11), sample(12), sample(13)],
    { kind: 'resume' as const, at: startedAt + 20_000 },
    ...[sample(20), sample(21, nowhere), sample(22)],
    { kind: 'pause' as const, at: startedAt + 22_000 },
    ...[sample(25), sample(26, nowhere)],
  ]
  const file = writeFit({ name: undefined, startedAt, endedAt: startedAt + 26_000, entries })
  const { body } = await answerOf(await send(Uint8Array.from(file)))
  expect(body).toMatchObject({
    ...{ positions: 10, leftOut: 2, lostPlaces: 1 },
    leftOutReasons: [{ reason: 'LAST_PAUSE', count: 2 }],
  })
  await eventually('the ride to be finished', async () => {
    const { data } = await served.client.ask(
      'query ($id: ID!) { ride(id: $id) { route { pointCount excluded { reason count } } } }',
      { id: body['rideId'] },
    )
    const route = data?.['ride']?.['route']
    if (route == null) return false
    expect(route).toEqual({ pointCount: 5, excluded: [{ reason: 'OUTSIDE_ACTIVE_TIME', count: 4 }] })
    return true
  })
})

test('a file is the same ride alone, packed, and in a form, whatever type it is said to have', async () => {
  const file = writeFit(newRide())
  const form = new FormData()
  form.append('file', new Blob([Uint8Array.from(file)]), 'ride.fit')
  const answers = [
    await answerOf(await send(Uint8Array.from(file), { 'content-type': 'application/json' })),
    await answerOf(await send(Uint8Array.from(gzipSync(file)))),
    await answerOf(await send(form)),
  ]
  expect(answers.map(({ status }) => status)).toEqual([201, 200, 200])
  expect(new Set(answers.map(({ body }) => body['rideId'])).size).toBe(1)
})

describe('what cannot be imported is refused with what to do, and the server stays up', () => {
  test.each([
    ['nothing', '', 422, /empty/],
    ['JSON', '{"title":"To work"}', 422, /neither GPX, TCX nor FIT/],
    ['a file cut short', writeGpx(newRide()).slice(0, 5_000), 422, /truncated/],
    ['a run', writeGpx(newRide()).replace('cycling', 'running'), 422, /This is a run/],
    ['gigabytes of nothing', Uint8Array.from(gzipSync(Buffer.alloc(65 * 1_048_576))), 422, /64 MiB/],
    ['a file over 25 MiB', new Uint8Array(26 * 1_048_576), 413, /25 MiB.*gzip/],
  ])('%s', async (_, file, expected, message) => {
    const { status, body } = await answerOf(await send(file))
    expect(status).toBe(expected)
    expect(body).toEqual({ code: 'INVALID_INPUT', message: expect.stringMatching(message) })
    expect((await fetch(`${served.product.url}/readyz`)).status).toBe(200)
  })

  test('another method', async () => {
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) {
      const response = await fetch(address(), { method })
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
    }
  })
})

test("a page of another site imports nothing in the rider's name, the server's own does", async () => {
  const file = writeGpx(newRide())
  const { host } = new URL(served.product.url)
  for (const headers of [
    { origin: 'https://elsewhere.example' },
    { origin: 'null' },
    { origin: `http://${host.replace(/\d$/, '')}` },
    { 'sec-fetch-site': 'cross-site' },
  ]) {
    const { status, body } = await answerOf(await post(file, headers))
    expect([status, body['code']]).toEqual([403, 'FORBIDDEN'])
  }
  expect((await post(file, { origin: `http://${host}`, 'sec-fetch-site': 'same-origin' })).status).toBe(201)
})

test('whoever asks to be asked is told of a ride at the same time, and nothing is imported', async () => {
  const startedAt = Date.UTC(2025, 2, 1, 8)
  const sample = (second: number, latitude: number) => ({
    kind: 'position' as const,
    position: { at: startedAt + second * 1_000, latitude: latitude + (second - 10) / 50_000, longitude: 14 },
  })
  let latitude = 40
  /** A file that nobody has imported yet, of these seconds. */
  const from = (first: number, last: number) => {
    latitude += 0.1
    const entries = Array.from({ length: (last - first) / 10 + 1 }, (_, index) =>
      sample(first + index * 10, latitude),
    )
    const [begun, ended] = [startedAt + first * 1_000, startedAt + last * 1_000]
    return writeGpx({ name: undefined, startedAt: begun, endedAt: ended, entries })
  }
  const ask = async (file: string) =>
    answerOf(await fetch(`${address()}?sameTime=ask`, { method: 'POST', body: file }))
  const shown = (rideId: unknown) =>
    eventually('the ride on the read side', async () => {
      const { data } = await served.client.ask('query ($id: ID!) { ride(id: $id) { endedAt } }', {
        id: rideId,
      })
      return (data?.['ride'] as { endedAt: string | null } | null)?.endedAt != null
    })

  const first = from(0, 1_800)
  const { status, body } = await ask(first)
  expect(status).toBe(201)
  await shown(body['rideId'])
  const same = {
    status: 409,
    body: expect.objectContaining({ code: 'RIDE_AT_SAME_TIME', rideId: body['rideId'] }),
  }
  // Of another device: as long, begun late, stopped early, or with some of the time before and behind.
  for (const file of [from(0, 1_800), from(600, 1_200), from(-200, 300), from(-1_000, 4_000)])
    expect(await ask(file)).toEqual(same)
  expect(await ask(first)).toMatchObject({ status: 200, body: { alreadyImported: true } })
  // Others begin as it ends, or end a while after it began.
  for (const file of [from(1_790, 2_700), from(-1_800, 200)]) expect((await ask(file)).status).toBe(201)

  const again = from(0, 1_800)
  expect(await ask(again)).toEqual(same)
  const imported = await answerOf(await send(again))
  expect(imported.status).toBe(201)
  await shown(imported.body['rideId'])
  for (const { rideId } of [body, imported.body]) {
    const { data } = await served.client.ask(
      `mutation ($input: RideCommandInput!) { deleteRide(input: $input) { ... on Error { code } } }`,
      { input: { rideId } },
    )
    expect(data?.['deleteRide']).toEqual({})
  }
  expect((await ask(from(0, 1_800))).status).toBe(201)
})

test('while ten files are on their way an eleventh is answered OVERLOADED, and taken later', async () => {
  const slow: ClientRequest[] = []
  onTestFinished(() => {
    for (const sending of slow) sending.destroy()
  })
  for (let count = 0; count < 10; count++) {
    const sending = request(address(), { method: 'POST', headers: { expect: '100-continue' } })
    sending.on('error', () => undefined)
    sending.flushHeaders()
    await once(sending, 'continue')
    slow.push(sending)
  }
  const file = writeGpx(newRide())
  const refused = await send(file)
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
  expect(await refused.json()).toMatchObject({ code: 'OVERLOADED' })
  slow[0]!.destroy()
  await eventually('a place for the file', async () => (await send(file)).status === 201)
})

test('killed while it imports, the server has the whole ride when the file is sent again', async () => {
  const ride = simulateRide({
    seed: 1,
    start: { latitude: 46, longitude: 14 },
    startedAt: Date.UTC(2026, 4, 20, 8),
    duration: 20_000,
  })
  const file = writeFit(ride)
  const sending = send(Uint8Array.from(file)).catch(() => undefined)
  await eventually(
    'the ride to have begun',
    async () => {
      const { data } = await served.client.ask('{ rides(first: 1) { nodes { startedAt } } }')
      return JSON.stringify(data).includes('2026-05-20')
    },
    { everyMs: 1 },
  )
  await served.product.kill()
  await sending
  await served.product.restart()
  const { status, body } = await answerOf(await send(Uint8Array.from(file)))
  expect([200, 201]).toContain(status)
  const { data } = await served.client.ask(
    'query ($id: ID!, $version: Int!) { ride(id: $id, minVersion: $version) { endedAt } }',
    {
      id: body['rideId'],
      version: body['version'],
    },
  )
  expect(data?.['ride']).toEqual({ endedAt: new Date(ride.endedAt).toISOString() })
})

/** With headers that `fetch` would not let through. */
async function post(body: string, headers: Record<string, string>): Promise<Response> {
  const sending = request(address(), { method: 'POST', headers })
  sending.end(body)
  const [answer] = await once(sending, 'response')
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk)
  return new Response(Buffer.concat(chunks), { status: answer.statusCode })
}

import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { readRecording } from '#recordings/read/read.ts'
import { type ApiClient, at, connect, position, startRide } from '../api/client.ts'
import { openVisitor } from '../identity/visitor.ts'
import { eventually } from '../support/eventually.ts'
import { type Product, startProduct, withSignIn } from '../support/product.ts'
import { asRider } from '../support/riders.ts'
import { unzip } from '../support/unzip.ts'

let product: Product
let ana: { client: ApiClient; authorization: string; riderId: string }
let rides: string[]
beforeAll(async () => {
  product = await startProduct({ env: { ...withSignIn, WEBHOOKS_ALLOW_PRIVATE: 'on' } })
  const rider = await asRider(product, 'Ana')
  ana = { ...rider, client: connect(product.url, rider) }
  rides = []
  for (const title of ['Čez Črni vrh', 'čez črni vrh', 'A/B: 50 %']) rides.push(await finishedRide(title))
  const onTheWay = await startRide(ana.client, { title: 'On the way', startedAt: new Date().toISOString() })
  rides.push(onTheWay)
  await eventually('the last one to be read', async () => {
    const { data } = await ana.client.ask('query ($id: ID!) { ride(id: $id) { id } }', { id: onTheWay })
    return data?.['ride'] != null
  })
  await ana.client.ask(
    'mutation { addPrivacyZone(input: { name: "Home", latitude: 10, longitude: 10, radius: 500 }) { __typename } }',
  )
  await ana.client.ask(
    'mutation { createWebhook(input: { url: "https://example.com/hook", events: [RIDE_DELETED] }) { __typename } }',
  )
})

async function finishedRide(title: string): Promise<string> {
  const { client } = ana
  const rideId = await startRide(client, { title, visibility: 'PUBLIC' })
  const positions = Array.from({ length: 100 }, (_, second) => ({ ...position(second), heartRate: 120 }))
  await client.mutate('recordPositions', { rideId, positions })
  await client.mutate('editRide', { rideId, description: 'Over the hill' })
  await client.mutate('endRide', { rideId, at: at(160) })
  await eventually('the ride to be finished', async () => {
    const { data } = await client.ask('query ($id: ID!) { ride(id: $id) { status } }', { id: rideId })
    return data?.['ride']?.['status'] === 'FINISHED'
  })
  return rideId
}

const get = (authorization?: string, init: RequestInit = {}) =>
  fetch(`${product.url}/account/export.zip`, { ...init, headers: authorization ? { authorization } : {} })

async function archiveOf(authorization: string): Promise<Map<string, string>> {
  const answer = await get(authorization)
  expect(answer.status).toBe(200)
  return unzip(Buffer.from(await answer.arrayBuffer()))
}

interface RideFile {
  id: string
  title: string
  description: string | null
  visibility: string
  status: string
  startedAt: string
  statistics: { distance: number } | null
}

describe('all that there is of a rider', () => {
  test('is an archive of files that say what they are', async () => {
    const answer = await get(ana.authorization)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/zip',
      'content-disposition': expect.stringMatching(
        /^attachment; filename="Slipstream \d{4}-\d\d-\d\d\.zip"$/,
      ),
      'cache-control': 'no-store',
    })
    const files = unzip(Buffer.from(await answer.arrayBuffer()))
    const days = '2026-05-31'
    const names = [`${days} Čez Črni vrh`, `${days} čez črni vrh`, `${days} A-B- 50 %`].map((name) =>
      name.toLowerCase(),
    )
    const ofRides = [...files.keys()]
      .filter((path) => path.endsWith('.gpx'))
      .map((path) => path.toLowerCase())
    // Two have one name, for file systems to which capitals are no difference.
    expect(ofRides.toSorted()).toEqual(
      [`rides/${names[2]}.gpx`, `rides/${names[0]} (2).gpx`, `rides/${names[0]}.gpx`].toSorted(),
    )
    expect(
      [...files.keys()]
        .filter((path) => path.includes('On the way'))
        .map((path) => path.slice('rides/2026-11-22 '.length))
        .toSorted(),
    ).toEqual(['On the way.events.ndjson', 'On the way.json'])
    expect(files.size).toBe(2 + 3 * 3 + 2)
    for (const kind of ['account.json', '.gpx', '.json', '.events.ndjson']) {
      expect(files.get('README.txt')).toContain(kind)
    }
  })

  test('has what is known of him, and no secret', async () => {
    const files = await archiveOf(ana.authorization)
    const account = JSON.parse(files.get('account.json') ?? '') as Record<string, unknown>
    expect(account).toMatchObject({
      exportedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      rider: { id: ana.riderId, name: 'Ana' },
      privacyZones: [{ name: 'Home', radius: 500, createdAt: expect.stringMatching(/Z$/) }],
      apiKeys: [{ name: 'a test', scopes: ['rides:read', 'rides:write'] }],
      webhooks: [{ url: 'https://example.com/hook', events: ['ride.deleted'] }],
    })
    const all = [...files.values()].join('\n')
    expect(all).not.toContain('whsec_')
    expect(all).not.toContain(ana.authorization.slice('Bearer '.length))
    expect(all).not.toMatch(/undefined|NaN/)
  })

  test('has each ride as a file that is taken back as it was, as it is told, and event by event as it was recorded', async () => {
    const files = await archiveOf(ana.authorization)
    const described = [...files].filter(([path]) => /^rides\/.*(?<!events)\.json$/.test(path))
    const byId = new Map(described.map(([path, text]) => [(JSON.parse(text) as RideFile).id, path]))
    expect([...byId.keys()].toSorted()).toEqual(rides.toSorted())
    const [first = ''] = rides
    const path = byId.get(first) ?? ''
    expect(JSON.parse(files.get(path) ?? '')).toMatchObject({
      ...{ title: 'Čez Črni vrh', description: 'Over the hill', visibility: 'PUBLIC', status: 'FINISHED' },
      ...{ startedAt: at(0), endedAt: at(160), statistics: { averageHeartRate: 120 } },
    })
    const reading = await readRecording(Buffer.from(files.get(path.replace('.json', '.gpx')) ?? ''))
    expect(reading.outcome === 'read' && reading.recording).toMatchObject({
      name: 'Čez Črni vrh',
      endedAt: Date.parse(at(160)),
    })
    const events = (files.get(path.replace('.json', '.events.ndjson')) ?? '')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { version: number; type: string; at: string; positions?: unknown[] })
    expect(events.slice(0, 4).map(({ version, type }) => [version, type])).toEqual([
      [1, 'STARTED'],
      [2, 'POSITIONS_RECORDED'],
      [3, 'EDITED'],
      [4, 'ENDED'],
    ])
    expect(events[0]?.at).toBe(at(0))
    expect(events[1]?.positions).toHaveLength(100)
    expect(events[1]?.positions?.[7]).toEqual({ ...position(7), heartRate: 120 })
  })

  test('is for himself alone, with a key that may read', async () => {
    const codeOf = async (answer: Response) => [
      answer.status,
      ((await answer.json()) as { code: string }).code,
    ]
    expect(await codeOf(await get())).toEqual([401, 'UNAUTHENTICATED'])
    const writer = await asRider(product, 'Writer', ['rides:write'])
    expect(await codeOf(await get(writer.authorization))).toEqual([403, 'FORBIDDEN'])
    const posted = await get(ana.authorization, { method: 'POST' })
    expect(posted.headers.get('allow')).toBe('GET, HEAD')
    expect(await codeOf(posted)).toEqual([405, 'INVALID_INPUT'])
    const bob = await asRider(product, 'Bob', ['rides:read'])
    const files = await archiveOf(bob.authorization)
    expect([...files.keys()]).toEqual(['README.txt', 'account.json'])
    const head = await get(ana.authorization, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'application/zip'])
  })

  test('of who signs in says how, and a session is enough; to a key neither that nor his e-mail is told', async () => {
    const visitor = openVisitor(product.url)
    const password = 'correct horse battery'
    await visitor.post('/api/auth/sign-up/email', { email: 'eva@example.org', password, name: 'Eva' })
    await visitor.post('/api/auth/sign-in/email', { email: 'eva@example.org', password })
    const answer = await visitor.get('/account/export.zip', { 'sec-fetch-site': 'same-origin' })
    const files = unzip(Buffer.from(await answer.arrayBuffer()))
    expect(JSON.parse(files.get('account.json') ?? '')).toMatchObject({
      rider: { name: 'Eva' },
      account: {
        email: 'eva@example.org',
        signsInWith: ['password'],
        sessions: [{ createdAt: expect.stringMatching(/Z$/) }],
      },
    })

    const made = await visitor.query(
      'mutation { createApiKey(input: { name: "A program", scopes: [RIDES_READ] }) { ... on CreateApiKeyPayload { secret } } }',
    )
    const { secret } = (made as { data: { createApiKey: { secret: string } } }).data.createApiKey
    const told = await archiveOf(`Bearer ${secret}`)
    const known = JSON.parse(told.get('account.json') ?? '') as Record<string, unknown>
    expect(known).toMatchObject({ rider: { name: 'Eva' }, apiKeys: [{ name: 'A program' }] })
    expect(known).not.toHaveProperty('account')
    expect([...told.values()].join('\n')).not.toContain('eva@example.org')
  })
})

test('who goes away in the middle of it may ask again, and one is enough at a time; of many rides each is there once', async () => {
  const many = await asRider(product, 'Many')
  const client = connect(product.url, many)
  // More than a page, of which many began in the same second.
  const ids = await Promise.all(
    Array.from({ length: 120 }, async (_, index) => {
      const rideId = randomUUID()
      await client.mutate('startRide', { rideId, title: `Ride ${index % 7}`, startedAt: at(index % 3) })
      const positions = Array.from({ length: 1_000 }, (_, second) => ({
        ...position(second),
        heartRate: second % 200,
      }))
      await client.mutate('recordPositions', { rideId, positions })
      return rideId
    }),
  )
  await client[Symbol.asyncDispose]()
  const database = new pg.Client(await product.databaseUrl())
  await database.connect()
  await eventually(
    'the read side',
    async () => {
      const { rows } = await database.query(
        'select count(*)::int as count from rides_1 where rider_id = $1',
        [many.riderId],
      )
      return rows[0].count === 120
    },
    { withinMs: 60_000, everyMs: 200 },
  )
  await database.end()

  const leaving = request(`${product.url}/account/export.zip`, {
    headers: { authorization: many.authorization },
  }).end()
  const [answer] = (await once(leaving, 'response')) as [import('node:http').IncomingMessage]
  await once(answer, 'readable')
  const second = await get(many.authorization)
  expect([second.status, second.headers.get('retry-after')]).toEqual([429, '10'])
  leaving.destroy()
  let whole: Response | undefined
  await eventually('the first one to be over', async () => {
    whole = await get(many.authorization)
    if (whole.status !== 200) await whole.body?.cancel()
    return whole.status === 200
  })
  const files = unzip(Buffer.from(await whole!.arrayBuffer()))
  const found = [...files].filter(([path]) => /^rides\/.*(?<!events)\.json$/.test(path))
  expect(found.map(([, text]) => (JSON.parse(text) as RideFile).id).toSorted()).toEqual(ids.toSorted())
  expect(product.output()).not.toContain('fault')
})

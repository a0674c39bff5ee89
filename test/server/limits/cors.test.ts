/** Pages of other sites, and what each answer says of how it may be used: over HTTP and in the handshake of a WebSocket. */
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anonymous, localRider, type Viewer } from '#rights/viewer.ts'
import { createAuth } from '#server/auth.ts'
import { openPolicy, type PolicyOptions } from '#server/limits/policy.ts'
import { usualLimits } from '#server/limits/settings.ts'
import { openSockets } from '#server/sockets.ts'
import { harmless, of, openStage, ridden, upload } from '../rooms.ts'

const listed = 'https://rides.example.org'
const other = 'https://other.example.org'
const somebody: Viewer = { ...localRider, riderId: crypto.randomUUID(), limitKey: 'key 1' }

interface Answer {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

type Ask = (method: string, headers?: Record<string, string>, path?: string, body?: object) => Promise<Answer>

const closing: (() => Promise<unknown>)[] = []
afterAll(() => Promise.all(closing.map((close) => close())))

async function open(options: PolicyOptions & { corsOrigins?: string[] }, viewer = somebody): Promise<Ask> {
  const { corsOrigins = [], ...rest } = options
  const stage = openStage()
  const graphql = stage.createGraphQL(openPolicy({ limits: { ...usualLimits, corsOrigins }, ...rest }))
  const identify = () => ({ outcome: 'known', viewer }) as const
  const listening = await stage.listen(graphql, identify)
  const sockets = openSockets(listening, graphql, identify)
  closing.push(() => Promise.all([listening.close(), sockets.close()]))
  const { port } = listening
  return (method, headers = {}, path = '/graphql', body = { query: harmless }) =>
    new Promise((resolve, reject) => {
      const asking = request({ host: '127.0.0.1', port, method, path, headers })
      asking.on('error', reject)
      asking.on('upgrade', ({ statusCode, headers }, socket) => {
        socket.destroy()
        resolve({ status: statusCode, headers, body: '' })
      })
      asking.on('response', (answer) => {
        let text = ''
        answer.on('data', (part) => {
          text += String(part)
        })
        answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: text }))
      })
      asking.end(method === 'POST' ? JSON.stringify(body) : undefined)
    })
}

const json = { 'content-type': 'application/json' }
const longAccept = `application/json, ${'x/x, '.repeat(250)}x/x`
const preflight = {
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'content-type',
}
const upgrade = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-version': '13',
  'sec-websocket-protocol': 'graphql-transport-ws',
}

/** A road to GraphQL, or a path beside it. */
const roads: Record<string, (ask: Ask, headers: Record<string, string>) => Promise<Answer>> = {
  'the short road': async (ask, headers) => {
    await ask('POST', json)
    return ask('POST', { ...json, ...headers })
  },
  "yoga's adapter": (ask, headers) => ask('POST', { ...json, accept: longAccept, ...headers }),
  'server-sent events': (ask, headers) => ask('POST', { ...json, accept: 'text/event-stream', ...headers }),
  GET: (ask, headers) => ask('GET', headers, `/graphql?query=${encodeURIComponent(harmless)}`),
}

describe('without a setting', () => {
  let ask: Ask
  beforeAll(async () => {
    ask = await open({})
  })

  test.each(Object.entries(roads))('no page of another site is told anything: %s', async (_, road) => {
    const { headers } = await road(ask, { origin: other })
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    expect(headers['vary']).not.toBe('origin')
  })

  test('nor allowed to ask', async () => {
    const { status, headers } = await ask('OPTIONS', { origin: other, ...preflight })
    expect([status, headers['access-control-allow-origin']]).toEqual([204, undefined])
  })

  test('and if it asks all the same, nothing is done', async () => {
    for (const headers of [{ origin: other }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }]) {
      for (const accept of ['application/json', longAccept, 'text/event-stream']) {
        const body = { query: upload, variables: of(ridden) }
        const answer = await ask('POST', { ...json, accept, ...headers }, '/graphql', body)
        expect(answer.status).toBe(403)
        expect(JSON.parse(answer.body).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
      }
      expect((await ask('GET', { ...upgrade, ...headers })).status).toBe(403)
    }
  })

  test('with a credential of its own it is a client like any other', async () => {
    const headers = { ...json, origin: other, authorization: 'Bearer a-key' }
    expect((await ask('POST', headers)).status).toBe(200)
  })

  test('a GET changes nothing', async () => {
    const mutation = encodeURIComponent('mutation { endRide(input: { rideId: "1" }) { __typename } }')
    const { status, headers } = await ask('GET', {}, `/graphql?query=${mutation}`)
    expect([status, headers['allow']]).toEqual([405, 'POST'])
  })
})

describe('an origin that is listed', () => {
  let ask: Ask
  beforeAll(async () => {
    ask = await open({ corsOrigins: [listed] })
  })

  test.each(Object.entries(roads))('reads the answer, with credentials: %s', async (_, road) => {
    const { status, headers } = await road(ask, { origin: listed, 'sec-fetch-site': 'cross-site' })
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'access-control-allow-origin': listed,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': expect.stringContaining('ratelimit-remaining'),
    })
    expect(headers['vary']).toContain('origin')
  })

  test.each(['/graphql', '/rides/import', '/rides/6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f506.gpx'])(
    'may ask %s when it asks whether it may',
    async (path) => {
      const { status, headers } = await ask('OPTIONS', { origin: listed, ...preflight }, path)
      expect(status).toBe(204)
      expect(headers).toMatchObject({
        'access-control-allow-origin': listed,
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': expect.stringContaining('POST'),
        'access-control-allow-headers': expect.stringContaining('authorization'),
      })
    },
  )

  test('may open a WebSocket', async () => {
    expect((await ask('GET', { ...upgrade, origin: listed })).status).toBe(101)
  })

  test('is the only one, and one like it is another', async () => {
    for (const origin of [other, `${listed}.evil.example`, listed.replace('https', 'http'), 'null']) {
      expect(
        (await ask('OPTIONS', { origin, ...preflight })).headers['access-control-allow-origin'],
      ).toBeUndefined()
      expect((await ask('POST', { ...json, origin })).status).toBe(403)
      expect((await ask('GET', { ...upgrade, origin })).status).toBe(403)
    }
  })
})

describe('where all may ask', () => {
  test('they do so as nobody', async () => {
    const ask = await open({ corsOrigins: ['*'] }, anonymous('192.0.2.1'))
    const { status, headers } = await ask('POST', { ...json, origin: other })
    expect(status).toBe(200)
    expect(headers['access-control-allow-origin']).toBe('*')
    expect(headers['access-control-allow-credentials']).toBeUndefined()
  })

  test.each([
    ['somebody', somebody],
    ['the local rider', localRider],
  ])('not as %s', async (_, viewer) => {
    const ask = await open({ corsOrigins: ['*'] }, viewer)
    const from = { origin: other }
    for (const road of Object.values(roads)) expect((await road(ask, from)).status).toBe(403)
    const query = `/graphql?query=${encodeURIComponent(harmless)}`
    expect((await ask('GET', { ...from, accept: 'text/event-stream' }, query)).status).toBe(403)
    expect((await ask('GET', { 'sec-fetch-site': 'cross-site' }, query)).status).toBe(403)
    const file = '/rides/6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f506.gpx'
    for (const method of ['GET', 'HEAD']) expect((await ask(method, from, file)).status).toBe(403)
    expect((await ask('GET', { ...upgrade, ...from })).status).toBe(403)
  })

  test('who follows a link there is shown what is his', async () => {
    const ask = await open({ corsOrigins: ['*'] }, localRider)
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
    const query = `/graphql?query=${encodeURIComponent(harmless)}`
    expect((await ask('GET', headers, query)).status).toBe(200)
    expect((await ask('GET', { ...headers, origin: other }, query)).status).toBe(403)
  })
})

describe('every answer says that it is to be taken for what it is, and shown in no frame', () => {
  const answers: Record<string, (ask: Ask) => Promise<Answer>> = {
    ...Object.fromEntries(
      Object.entries(roads).map(([name, road]) => [name, (ask: Ask) => road(ask, {})] as const),
    ),
    'a refused operation': (ask) => ask('POST', json, '/graphql', { query: '{ wheels }' }),
    'a body that is no JSON': (ask) => ask('POST', json, '/graphql', []),
    'a type that is not taken': (ask) => ask('POST', { 'content-type': 'text/plain' }),
    'a page of another site': (ask) => ask('POST', { ...json, origin: other }),
    'a name that is not ours': (ask) => ask('GET', { host: 'rebound.example' }),
    'a preflight': (ask) => ask('OPTIONS', { origin: listed, ...preflight }),
    healthz: (ask) => ask('GET', {}, '/healthz'),
    readyz: (ask) => ask('GET', {}, '/readyz'),
  }

  test.each(Object.entries(answers))('%s', async (_, answer) => {
    for (const [publicUrl, transport] of [
      [undefined, undefined],
      ['http://rides.example.org', undefined],
      [listed, 'max-age=31536000'],
    ]) {
      const { headers } = await answer(await open({ publicUrl }))
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
      expect(headers['strict-transport-security']).toBe(transport)
    }
  })
})

test.each([
  ['of the public address, where a proxy asks for another', () => listed, 200, {}],
  ['of another site', () => other, 403, { message: expect.stringContaining('another site') }],
  // Somebody set the public address wrong, or came by another one.
  [
    'of this server by another address',
    (own: string) => own,
    403,
    { code: 'FORBIDDEN', message: expect.stringMatching(`sign in at ${listed}, .* PUBLIC_URL`) },
  ],
])('signing in from a page %s', async (_, originOf, status, said) => {
  const accounts = {
    handle: async () => new Response('{}'),
    cookieName: 'session',
    isSignUpOpen: async () => false,
    close: async () => undefined,
  }
  const answerAuth = createAuth(accounts, { publicUrl: listed, addressOf: () => '192.0.2.1' })
  const server = createServer((request, response) => answerAuth(request, response, '/api/auth/sign-in/email'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(async () => server.close())
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const answer = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { ...json, origin: originOf(url) },
    body: '{}',
  })
  expect(answer.status).toBe(status)
  expect(await answer.json()).toMatchObject(said)
})

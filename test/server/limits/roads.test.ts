/** One policy: documents, cost, rates and what goes on at the same time are limited the same over every road. */
import { once } from 'node:events'
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { anonymous, localRider, type Viewer } from '#rights/viewer.ts'
import type { GraphQL } from '#server/graphql.ts'
import { openPolicy } from '#server/limits/policy.ts'
import { type LimitSettings, usualLimits } from '#server/limits/settings.ts'
import type { Listening } from '#server/server.ts'
import { openSockets } from '#server/sockets.ts'
import { eventually } from '../../support/eventually.ts'
import { harmless, of, openStage, ridden, upload, waiting } from '../rooms.ts'

const integrator: Viewer = { ...localRider, riderId: crypto.randomUUID(), limitKey: 'key 1' }

interface Opened {
  readonly stage: ReturnType<typeof openStage>
  readonly url: string
  readonly listening: Listening
}

const closing: (() => Promise<unknown>)[] = []
afterAll(() => Promise.all(closing.map((close) => close())))

/** The clock stands still, so that nothing comes back. */
async function open(limits: Partial<LimitSettings>, viewer = integrator): Promise<Opened> {
  const stage = openStage()
  const policy = openPolicy({ limits: { ...usualLimits, ...limits }, now: () => 0 })
  const graphql = stage.createGraphQL(policy)
  const identify = () => ({ outcome: 'known', viewer }) as const
  const listening = await stage.listen(graphql, identify)
  const sockets = openSockets(listening, graphql, identify)
  closing.push(() => Promise.all([listening.close(), sockets.close()]))
  return { stage, listening, url: `http://127.0.0.1:${listening.port}/graphql` }
}

interface Operation {
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>>
}

interface Result {
  readonly status?: number
  readonly headers?: Headers
  readonly data?: Readonly<Record<string, unknown>> | null
  readonly errors?: readonly {
    readonly message: string
    readonly extensions: Readonly<Record<string, unknown>>
  }[]
  readonly extensions?: unknown
}

function post(accept: string) {
  return async ({ url }: Opened, operation: Operation): Promise<Result> => {
    const headers = { 'content-type': 'application/json', accept }
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(operation), headers })
    const text = await response.text()
    const [, data = text] = /^event: next\ndata: (.*)$/m.exec(text) ?? []
    return { status: response.status, headers: response.headers, ...JSON.parse(data) }
  }
}

async function get({ url }: Opened, { query, variables = {} }: Operation): Promise<Result> {
  const parameters = new URLSearchParams({ query, variables: JSON.stringify(variables) })
  const response = await fetch(`${url}?${parameters}`)
  return { status: response.status, headers: response.headers, ...((await response.json()) as Result) }
}

async function connect({ url }: Opened): Promise<WebSocket> {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws')
  onTestFinished(() => socket.terminate())
  await once(socket, 'open')
  socket.send('{"type":"connection_init"}')
  await once(socket, 'message')
  return socket
}

async function overWebSocket(opened: Opened, operation: Operation): Promise<Result> {
  const socket = await connect(opened)
  socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: operation }))
  const [message] = await once(socket, 'message')
  const { type, payload } = JSON.parse(String(message))
  return type === 'error' ? { errors: payload } : payload
}

const longAccept = `application/json, ${'x/x, '.repeat(250)}x/x`
const roads = {
  'the short road': post('application/json'),
  "yoga's adapter": post(longAccept),
  'another type': post('application/graphql-response+json'),
  'server-sent events': post('text/event-stream'),
  WebSocket: overWebSocket,
  GET: get,
}
const named = Object.entries(roads)

describe('more than any document needs', () => {
  const opened = open({})
  const variables = Object.fromEntries(Array.from({ length: 1_001 }, (_, index) => [`v${index}`, 0]))
  const long = `{ __typename } # ${'x'.repeat(65_536)}`
  test.each(named.filter(([road]) => road !== 'GET'))('is refused unread: %s', async (road, ask) => {
    for (const operation of [{ query: '{ __typename }', variables }, { query: long }]) {
      const { status = 400, errors } = await ask(await opened, operation)
      expect(errors).toEqual([{ message: expect.any(String), extensions: { code: 'TOO_COMPLEX' } }])
      if (road !== 'server-sent events') expect(status).toBe(400)
    }
  })
})

describe('a document that is too large', () => {
  const opened = open({})
  const fields = Array.from({ length: 60 }, (_, index) => `a${index}: __typename`).join(' ')
  test.each(named)('is refused: %s', async (road, ask) => {
    for (const query of [`{ ${fields} }`, `{ ${'a '.repeat(2_001)} }`, `{ a(b: ${'['.repeat(1_900)}`]) {
      // The second time it is known to be bad.
      for (const time of ['first', 'second']) {
        const { status = 400, errors } = await ask(await opened, { query })
        expect([time, errors]).toEqual([
          time,
          [{ message: expect.any(String), extensions: { code: 'TOO_COMPLEX' } }],
        ])
        // What is sent as an event stream has begun before anything is known.
        if (road !== 'server-sent events') expect(status).toBe(400)
      }
    }
  })
})

describe('an operation that costs too much', () => {
  const opened = open({ cost: 50 })
  const query = 'query ($n: Int) { rides(first: $n) { nodes { id } } }'
  test.each(named)('is refused, by its variables: %s', async (road, ask) => {
    for (let time = 0; time < 3; time++) {
      const { status = 400, errors, extensions } = await ask(await opened, { query, variables: { n: 100 } })
      expect(errors).toMatchObject([{ extensions: { code: 'TOO_COMPLEX' } }])
      expect(extensions).toEqual({ cost: { requested: 101, limit: 50 } })
      if (road !== 'server-sent events') expect(status).toBe(400)
    }
  })

  test('is refused when it is compiled as well', async () => {
    const results = new Set<string>()
    for (let time = 0; time < 110; time++) {
      const { errors, extensions } = await roads['the short road'](await opened, {
        query,
        variables: { n: 99 },
      })
      results.add(JSON.stringify([errors, extensions]))
    }
    expect([...results]).toEqual([expect.stringContaining('TOO_COMPLEX')])
  })
})

test.each(named)('what an operation costs is said with its answer: %s', async (_, ask) => {
  const opened = await open({})
  for (let time = 0; time < 3; time++) {
    const { data, extensions } = await ask(opened, { query: '{ __typename projections { name } }' })
    expect(data).toBeNull()
    expect(extensions).toEqual({ cost: { requested: 1, limit: 5_000 } })
  }
})

describe('who asks too often', () => {
  test.each(named)('is told when to ask again: %s', async (_, ask) => {
    const opened = await open({ requestsPerMinute: 2 })
    for (let time = 0; time < 2; time++)
      expect((await ask(opened, { query: harmless })).errors).toBeUndefined()
    const { status = 429, headers, errors } = await ask(opened, { query: harmless })
    expect(errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED', retryAfter: 30 } }])
    expect(status).toBe(429)
    if (headers === undefined) return
    expect(Object.fromEntries(headers)).toMatchObject({
      'retry-after': '30',
      'ratelimit-limit': '2',
      'ratelimit-remaining': '0',
      'ratelimit-reset': '60',
      'ratelimit-policy': '2;w=60',
    })
  })

  test('the roads count together', async () => {
    const opened = await open({ requestsPerMinute: named.length - 1 })
    const codes: unknown[] = []
    for (const [, ask] of named)
      codes.push((await ask(opened, { query: harmless })).errors?.[0]?.extensions['code'])
    expect(codes).toEqual([...Array(named.length - 1).fill(undefined), 'RATE_LIMITED'])
  })

  test.each(named)('by what it costs: %s', async (_, ask) => {
    const opened = await open({ costPerMinute: 1 })
    const query = '{ projections { name } }'
    await ask(opened, { query })
    const { status = 429, headers, errors, extensions } = await ask(opened, { query })
    expect(errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED', retryAfter: 60 } }])
    expect(extensions).toMatchObject({ cost: { requested: 1 } })
    expect(status === 429 || headers?.get('content-type')?.startsWith('text/event-stream')).toBe(true)
  })

  test('without a credential it is by address, and less', async () => {
    const opened = await open({ anonymousRequestsPerMinute: 1 }, anonymous('192.0.2.1'))
    expect((await get(opened, { query: harmless })).status).toBe(200)
    expect((await get(opened, { query: harmless })).status).toBe(429)
  })

  test('the local rider is never one', async () => {
    const opened = await open({ requestsPerMinute: 1, costPerMinute: 1 }, localRider)
    for (let time = 0; time < 5; time++) {
      const { status, headers } = await roads['the short road'](opened, { query: harmless })
      expect([status, headers?.get('ratelimit-limit')]).toEqual([200, null])
    }
  })
})

describe('positions that come too fast', () => {
  const roadsOfMutations = named.filter(([road]) => road !== 'GET')
  test.each(roadsOfMutations)('are refused as data: %s', async (_, ask) => {
    const opened = await open({ positionsPerSecond: 1 })
    const query = upload.replace('code message', 'code message ... on RateLimitedError { retryAfter }')
    const answers: unknown[] = []
    for (let time = 0; time < 11; time++) {
      answers.push((await ask(opened, { query, variables: of(ridden) })).data?.['recordPositions'])
    }
    expect(answers.slice(0, 10)).toEqual(
      Array(10).fill(expect.objectContaining({ __typename: 'RecordPositionsPayload' })),
    )
    expect(answers[10]).toMatchObject({ __typename: 'RateLimitedError', code: 'RATE_LIMITED', retryAfter: 1 })
  })
})

describe('sockets', () => {
  test('one that floods is closed, and others are served', async () => {
    const opened = await open({ messagesPerSecond: 1 })
    const [loud, quiet] = [await connect(opened), await connect(opened)]
    const closed = once(loud, 'close')
    for (let time = 0; time < 50; time++) loud.send('{"type":"ping"}')
    const [code, reason] = await closed
    expect([code, String(reason)]).toEqual([1013, 'Too many messages. Connect again, and send fewer.'])
    quiet.send('{"type":"ping"}')
    expect(String((await once(quiet, 'message'))[0])).toBe('{"type":"pong"}')
  })

  test('nobody has more than he may, and one that has gone makes room', async () => {
    const opened = await open({ sockets: 1 })
    const first = await connect(opened)
    const second = new WebSocket(opened.url.replace('http', 'ws'), 'graphql-transport-ws')
    second.on('open', () => second.send('{"type":"connection_init"}'))
    expect((await once(second, 'close'))[0]).toBe(1013)
    first.close()
    await once(first, 'close')
    await eventually('another socket', async () => {
      const socket = new WebSocket(opened.url.replace('http', 'ws'), 'graphql-transport-ws')
      socket.on('open', () => socket.send('{"type":"connection_init"}'))
      const isIn = await Promise.race([
        once(socket, 'message').then(() => true),
        once(socket, 'close').then(() => false),
      ])
      socket.terminate()
      return isIn
    })
  })

  test('that do not say who they are, only so many come from an address', async () => {
    const stage = openStage()
    const graphql = stage.createGraphQL()
    const identify = () => ({ outcome: 'known', viewer: integrator }) as const
    const listening = await stage.listen(graphql, identify)
    const sockets = openSockets(listening, graphql, identify, ({ headers }) => String(headers['x-from']))
    closing.push(() => Promise.all([listening.close(), sockets.close()]))
    const from = (address: string) => {
      const headers = { 'x-from': address }
      const socket = new WebSocket(`ws://127.0.0.1:${listening.port}/graphql`, 'graphql-transport-ws', {
        headers,
      })
      onTestFinished(() => socket.terminate())
      return socket
    }
    const isLetIn = (socket: WebSocket) =>
      Promise.race([
        once(socket, 'open').then(() => true),
        once(socket, 'unexpected-response').then(([, { statusCode }]) => statusCode),
      ])
    const many = Array.from({ length: 200 }, () => from('192.0.2.1'))
    expect(await Promise.all(many.map(isLetIn))).toEqual(Array(200).fill(true))
    expect(await isLetIn(from('192.0.2.1'))).toBe(429)
    expect(await isLetIn(from('192.0.2.2'))).toBe(true)
    many[0]?.send('{"type":"connection_init"}')
    await once(many[0]!, 'message')
    expect(await isLetIn(from('192.0.2.1'))).toBe(true)
    many[1]?.close()
    await eventually('room for another', async () => (await isLetIn(from('192.0.2.1'))) === true)
  })

  test('only so much goes on over one', async () => {
    const { stage, ...opened } = await open({ messagesPerSecond: Number.POSITIVE_INFINITY })
    const socket = await connect({ stage, ...opened })
    for (let id = 0; id <= 250; id++) {
      const payload = { query: upload, variables: of(waiting) }
      socket.send(JSON.stringify({ type: 'subscribe', id: String(id), payload }))
    }
    const [message] = await once(socket, 'message')
    expect(JSON.parse(String(message))).toMatchObject({
      ...{ id: '250', type: 'error' },
      payload: [{ extensions: { code: 'RATE_LIMITED' } }],
    })
  })
})

test.each(named.filter(([road]) => road !== 'GET'))(
  'who has as much under way as he may is told to wait, until something is answered: %s',
  async (_, ask) => {
    const opened = await open({ cost: 2 })
    const held = Array.from({ length: 4 }, () =>
      fetch(opened.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: upload, variables: of(waiting) }),
      }),
    )
    const refused = await eventually('all to be under way', async () => {
      const { errors } = await ask(opened, { query: upload, variables: of(ridden) })
      return errors?.[0]?.extensions['code'] === 'RATE_LIMITED' && errors
    })
    expect(refused).toMatchObject([{ message: expect.stringContaining('under way') }])
    opened.stage.release()()
    await Promise.race(held)
    const { errors } = await ask(opened, { query: upload, variables: of(ridden) })
    expect(errors).toBeUndefined()
  },
)

describe('an operation that takes too long', () => {
  const roadsOfMutations = named.filter(([road]) => road !== 'GET')
  test.each(roadsOfMutations)('is answered all the same: %s', async (_, ask) => {
    const stage = openStage()
    const graphql = stage.createGraphQL(openPolicy({ limits: { ...usualLimits, executionMs: 10 } }))
    const listening = await stage.listen(graphql)
    const sockets = openSockets(listening, graphql, () => ({ outcome: 'known', viewer: integrator }))
    closing.push(() => Promise.all([listening.close(), sockets.close()]))
    const opened = { stage, listening, url: `http://127.0.0.1:${listening.port}/graphql` }
    const { data, errors, extensions } = await ask(opened, { query: upload, variables: of(waiting) })
    expect(data).toBeUndefined()
    expect(errors).toMatchObject([{ extensions: { code: 'TIMED_OUT' } }])
    expect(extensions).toMatchObject({ cost: { requested: 1 } })
  })
})

describe('the schema', () => {
  const opened = open({ introspection: false })
  test.each(named)('is not told where it is not to be: %s', async (_, ask) => {
    for (const query of ['{ __schema { queryType { name } } }', '{ __type(name: "Ride") { name } }']) {
      const { errors } = await ask(await opened, { query })
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    }
    expect((await ask(await opened, { query: '{ __typename }' })).data).toEqual({ __typename: 'Query' })
  })

  test('and GraphiQL opens all the same, and says so', async () => {
    const page = await (await fetch((await opened).url, { headers: { accept: 'text/html' } })).text()
    expect(page).toContain('GRAPHQL_INTROSPECTION=off')
  })
})

describe('subscriptions', () => {
  const query = 'subscription { liveRides { snapshot } }'

  /** Begins one that goes on; whether it did, and what ends it. */
  const begins: Record<string, (opened: Opened) => Promise<{ readonly isOn: boolean; end(): void }>> = {
    'server-sent events': async ({ url }) => {
      const aborting = new AbortController()
      const response = await fetch(url, {
        method: 'POST',
        body: JSON.stringify({ query }),
        headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
        signal: aborting.signal,
      })
      const reader = response.body?.getReader()
      let text = ''
      while (!text.includes('event: next'))
        text += Buffer.from((await reader?.read())?.value ?? []).toString()
      return { isOn: !text.includes('RATE_LIMITED'), end: () => aborting.abort() }
    },
    WebSocket: async (opened) => {
      const socket = await connect(opened)
      socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query } }))
      const [message] = await once(socket, 'message')
      return { isOn: !String(message).includes('RATE_LIMITED'), end: () => socket.terminate() }
    },
  }

  test.each(Object.entries(begins))(
    'are as many as may be, and one that has ended makes room: %s',
    async (_, begin) => {
      const opened = await open({ subscriptions: 2 })
      const [first] = [await begin(opened), await begin(opened)]
      expect((await begin(opened)).isOn).toBe(false)
      first.end()
      await eventually('another subscription', async () => {
        const { isOn, end } = await begin(opened)
        if (!isOn) end()
        return isOn
      })
      for (const other of Object.values(begins)) expect((await other(opened)).isOn).toBe(false)
    },
  )

  test('whose client has left before it was known who asks hold no place', async () => {
    const policy = openPolicy({ limits: { ...usualLimits, subscriptions: 1 }, now: () => 0 })
    const entering = vi.spyOn(policy.subscriptions, 'enter')
    const stage = openStage()
    const graphql = stage.createGraphQL(policy)
    const asked = Promise.withResolvers<void>()
    const held: GraphQL = {
      ...graphql,
      async handle(request, response, viewer) {
        asked.resolve()
        if (entering.mock.results.length === 0 && !response.closed) await once(response, 'close')
        return graphql.handle(request, response, viewer)
      },
    }
    const listening = await stage.listen(held, () => ({ outcome: 'known', viewer: integrator }))
    closing.push(() => listening.close())
    const opened: Opened = { stage, listening, url: `http://127.0.0.1:${listening.port}/graphql` }
    const leaving = new AbortController()
    const headers = { accept: 'text/event-stream' }
    const left = fetch(`${opened.url}?${new URLSearchParams({ query })}`, { headers, signal: leaving.signal })
    await asked.promise
    leaving.abort()
    await expect(left).rejects.toThrow()
    await eventually('it to begin', () => entering.mock.results.length === 1)
    expect((await begins['server-sent events']!(opened)).isOn).toBe(true)
  })
})

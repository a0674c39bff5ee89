/**
 * One policy: whatever road an operation comes, it is judged, answered and masked the same. Authentication, cost and rate belong
 * here once there are any.
 */
import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { type ExecutionResult, getIntrospectionQuery } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Listening } from '#server/server.ts'
import { openSockets, type Sockets } from '#server/sockets.ts'
import {
  faulty,
  harmless,
  notYet,
  of,
  openStage,
  outdated,
  refused,
  ridden,
  somebody,
  upload,
} from './rooms.ts'

interface Operation {
  readonly query?: string
  readonly variables?: Readonly<Record<string, unknown>>
  readonly operationName?: string
  readonly extensions?: Readonly<Record<string, unknown>>
}

/** As it comes off the wire. */
type Result = Pick<ExecutionResult, 'data'> & { readonly errors?: readonly unknown[] }

const stage = openStage()
let listening: Listening
let sockets: Sockets
beforeAll(async () => {
  const graphql = stage.createGraphQL()
  listening = await stage.listen(graphql)
  sockets = openSockets(listening, graphql, somebody)
})
afterAll(() => Promise.all([listening?.close(), sockets?.close()]))

const url = () => `http://127.0.0.1:${listening.port}/graphql`

async function post(operation: Operation, accept: string): Promise<Response> {
  const headers = { 'content-type': 'application/json', accept }
  return fetch(url(), { method: 'POST', body: JSON.stringify(operation), headers })
}

async function resultOf(response: Response): Promise<Result> {
  return (await response.json()) as Result
}

async function get({ query, operationName, variables, extensions }: Operation): Promise<Result> {
  const parameters = new URLSearchParams({
    ...(query !== undefined && { query }),
    ...(operationName !== undefined && { operationName }),
    ...(variables !== undefined && { variables: JSON.stringify(variables) }),
    ...(extensions !== undefined && { extensions: JSON.stringify(extensions) }),
  })
  return resultOf(await fetch(`${url()}?${parameters}`))
}

async function overEvents(operation: Operation): Promise<Result> {
  const events = await (await post(operation, 'text/event-stream')).text()
  const [, data] = /^event: next\ndata: (.*)$/m.exec(events) ?? []
  return JSON.parse(data ?? 'null')
}

async function overWebSocket(operation: Operation): Promise<Result> {
  const socket = new WebSocket(url().replace('http', 'ws'), 'graphql-transport-ws')
  socket.on('open', () => socket.send('{"type":"connection_init"}'))
  try {
    return await new Promise((resolve, reject) => {
      socket.on('close', (code, reason) => reject(new Error(`Closed with ${code}: ${reason}`)))
      socket.on('message', (message) => {
        const { type, payload } = JSON.parse(String(message))
        if (type === 'connection_ack') {
          // Its `query` has to be there, and is empty where there is none.
          socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query: '', ...operation } }))
        }
        if (type === 'next') resolve(payload)
        if (type === 'error') resolve({ errors: payload })
      })
    })
  } finally {
    socket.terminate()
  }
}

/** So long that yoga's adapter alone reads it. */
const longAccept = `application/json, ${'x/x, '.repeat(250)}x/x`
const answered = {
  'the short road': async (operation: Operation) => resultOf(await post(operation, 'application/json')),
  "yoga's adapter": async (operation: Operation) => resultOf(await post(operation, longAccept)),
  'another type': async (operation: Operation) =>
    resultOf(await post(operation, 'application/graphql-response+json')),
}
const streamed = { 'server-sent events': overEvents, WebSocket: overWebSocket }
const read = { GET: get }
const roads = { ...answered, ...streamed, ...read }
const ofMutations = { ...answered, ...streamed }

type Roads = Readonly<Record<string, (operation: Operation) => Promise<Result>>>

const hashOf = (query: string) => createHash('sha256').update(query).digest('hex')
const byHash = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } })
const named = '{ named: __typename }'
const unitAsked = 'query ($id: ID!, $unit: DistanceUnit!) { ride(id: $id) { splits(unit: $unit) { index } } }'
const turnedBox = '{ liveRides(within: { west: 0, east: 1, south: 9, north: 0 }) { snapshot } }'

const cases: Record<string, readonly [operation: Operation, expected: object, roads?: Roads]> = {
  'a query': [{ query: harmless }, { data: { ride: 'Query' } }],
  'a mutation': [
    { query: upload, variables: of(ridden) },
    { data: { recordPositions: { __typename: 'RecordPositionsPayload', rideId: ridden } } },
    ofMutations,
  ],
  'one of several operations': [
    { query: `query A { a: __typename } query B ${harmless}`, operationName: 'B' },
    { data: { ride: 'Query' } },
  ],
  'an error as data': [
    { query: upload, variables: of(refused) },
    { data: { recordPositions: { code: 'RIDE_NOT_ACTIVE' } } },
    ofMutations,
  ],
  'a fault': [
    { query: upload, variables: of(faulty) },
    {
      data: null,
      errors: [
        { extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'its own' }, path: ['recordPositions'] },
      ],
    },
    ofMutations,
  ],
  'an error for the client': [{ query: outdated }, { errors: [{ extensions: { code: 'CURSOR_UNKNOWN' } }] }],
  'one that says more': [notYet, { data: { ride: null }, errors: [{ extensions: { retryAfter: 1 } }] }],
  'a syntax error': [{ query: '{ ride(' }, { errors: [{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }] }],
  'fields that are not there': [
    { query: '{ wheels spokes ride(id: 1) { id } }' },
    { errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }, { message: expect.any(String) }] },
  ],
  'a variable that is missing': [
    { query: unitAsked, variables: { id: 'nowhere' } },
    { errors: [{ message: expect.stringContaining('was not provided') }] },
  ],
  'variables that are wrong': [
    { query: unitAsked, variables: { id: {}, unit: 'FURLONG' } },
    { errors: [{ message: expect.any(String) }, { message: expect.stringContaining('FURLONG') }] },
  ],
  'a scalar that is wrong': [
    { query: upload, variables: { input: { rideId: ridden, positions: [{ at: 'today' }] } } },
    { errors: [{ extensions: { code: 'INVALID_INPUT' }, message: expect.stringContaining('RFC 3339') }] },
    ofMutations,
  ],
  'an operation that is not there': [
    { query: `query A ${harmless}`, operationName: 'B' },
    { errors: [{ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }] },
  ],
  'none of several operations': [
    { query: `query A ${harmless} query B ${harmless}` },
    { errors: [{ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }] },
  ],
  'only a fragment': [
    { query: 'fragment A on Ride { id }' },
    { errors: [{ extensions: { code: expect.any(String) } }] },
  ],
  introspection: [
    { query: getIntrospectionQuery() },
    { data: { __schema: { queryType: { name: 'Query' } } } },
  ],
  'a hash that nobody knows': [
    byHash(hashOf('{ unknown: __typename }')),
    { errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] },
  ],
  'a hash with its text': [{ query: named, ...byHash(hashOf(named)) }, { data: { named: 'Query' } }],
  'a hash that came with its text before': [byHash(hashOf(named)), { data: { named: 'Query' } }],
  'a hash with another text': [
    { query: harmless, ...byHash(hashOf(named)) },
    { errors: [{ extensions: { code: 'INVALID_INPUT' } }] },
  ],
  'a hash that is none': [byHash('abc'), { errors: [{ extensions: { code: 'INVALID_INPUT' } }] }],
  'a feed that is refused': [
    { query: `subscription ${turnedBox}` },
    { errors: [{ extensions: { code: 'INVALID_INPUT' }, path: ['liveRides'] }] },
    streamed,
  ],
}

/** Each request has a name of its own in the log, which a fault tells. */
function withoutName(result: Result): Result {
  const text = JSON.stringify(result).replace(/"requestId":"[\da-f-]{36}"/, '"requestId":"its own"')
  return JSON.parse(text) as Result
}

describe('is answered the same over every road', () => {
  test.each(Object.entries(cases))('%s', async (_, [operation, expected, over = roads]) => {
    const results = new Map<string, Result>()
    // The first time a document is not known yet, so that not all go the road that they are named after.
    for (const time of ['first', 'second', 'third']) {
      for (const [road, ask] of Object.entries(over))
        results.set(`${road}, ${time}`, withoutName(await ask(operation)))
    }
    const [[, one] = []] = results
    expect(one).toMatchObject(expected)
    for (const [road, result] of results) expect([road, result]).toEqual([road, one])
    expect(JSON.stringify(one)).not.toContain('secret of the house')
    // How an answer is sent over HTTP is nobody's business.
    expect(JSON.stringify(one?.errors ?? [])).not.toContain('"http"')
  })

  test('and each fault is in the log once', async () => {
    for (const ask of Object.values(ofMutations)) {
      stage.faults.length = 0
      await ask({ query: upload, variables: of(faulty) })
      expect(stage.faults).toEqual(['An operation failed'])
    }
  })
})

describe('is let in the same over every road', () => {
  const ask = (headers: Record<string, string>, method: 'GET' | 'POST') =>
    new Promise<number | undefined>((resolve, reject) => {
      const asking = request(`${url()}?query=${encodeURIComponent(harmless)}`, { method, headers })
      asking.on('error', reject)
      asking.on('response', (answer) => {
        resolve(answer.statusCode)
        answer.resume()
      })
      asking.on('upgrade', (answer, socket) => {
        resolve(answer.statusCode)
        socket.destroy()
      })
      asking.end(method === 'POST' ? JSON.stringify({ query: harmless }) : undefined)
    })
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-version': '13',
    'sec-websocket-protocol': 'graphql-transport-ws',
  }
  const json = { 'content-type': 'application/json' }
  const roads: Record<string, (headers: Record<string, string>) => Promise<number | undefined>> = {
    'the short road': (headers) => ask({ ...json, ...headers }, 'POST'),
    "yoga's adapter": (headers) => ask({ ...json, accept: longAccept, ...headers }, 'POST'),
    'server-sent events': (headers) => ask({ ...json, accept: 'text/event-stream', ...headers }, 'POST'),
    GET: (headers) => ask(headers, 'GET'),
    WebSocket: (headers) => ask({ ...upgrade, ...headers }, 'GET'),
  }

  test.each(Object.entries(roads))('%s: by its own name only', async (road, ask) => {
    expect(await ask({ host: 'localhost' })).toBe(road === 'WebSocket' ? 101 : 200)
    expect(await ask({ host: 'rebound.example', origin: 'http://rebound.example' })).toBe(421)
  })

  test('no more than 1 MiB at a time', async () => {
    const long = { query: harmless, extensions: { padding: 'x'.repeat(1024 * 1024) } }
    for (const accept of ['application/json', longAccept, 'text/event-stream']) {
      expect((await post(long, accept)).status).toBe(413)
    }
    await expect(overWebSocket(long)).rejects.toThrow('Closed with 1009')
  })

  test('a type that a page of another site may send is taken by none', async () => {
    for (const accept of ['application/json', longAccept, 'text/event-stream']) {
      const headers = { 'content-type': 'text/plain', accept }
      const answer = await fetch(url(), {
        method: 'POST',
        body: JSON.stringify({ query: harmless }),
        headers,
      })
      expect(answer.status).toBe(415)
      expect(await text(answer.body!)).toContain('Content-Type: application/json')
    }
  })
})

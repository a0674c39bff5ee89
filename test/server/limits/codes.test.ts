/** Whatever is wrong with a request, its answer has a code that the schema tells, and a sentence; over every road the same code. */
import { once } from 'node:events'
import { isEnumType } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { schema } from '#api/schema.ts'
import type { Listening } from '#server/server.ts'
import { openSockets, type Sockets } from '#server/sockets.ts'
import { lookedUp, notYet, openStage, outdated, ridden, somebody } from '../rooms.ts'

const stage = openStage()
let listening: Listening
let sockets: Sockets
beforeAll(async () => {
  const graphql = stage.createGraphQL()
  listening = await stage.listen(graphql)
  sockets = openSockets(listening, graphql, somebody)
})
afterAll(() => Promise.all([listening?.close(), sockets?.close()]))

const errorCode = schema.getType('ErrorCode')
const codes = isEnumType(errorCode) ? errorCode.getValues().map(({ name }) => name) : []

interface Errors {
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[]
}

type Ask = (body: object) => Promise<Errors & { readonly status?: number }>

const url = () => `http://127.0.0.1:${listening.port}/graphql`

function post(accept: string): Ask {
  return async (body) => {
    const headers = { 'content-type': 'application/json', accept }
    const response = await fetch(url(), { method: 'POST', headers, body: JSON.stringify(body) })
    const text = await response.text()
    const [, data = text] = /^event: next\ndata: (.*)$/m.exec(text) ?? []
    return { status: response.status, ...JSON.parse(data) }
  }
}

async function get(body: object): Promise<Errors & { readonly status: number }> {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(body)) {
    parameters.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  }
  const response = await fetch(`${url()}?${parameters}`)
  return { status: response.status, ...((await response.json()) as Errors) }
}

async function overWebSocket(body: object): Promise<Errors> {
  const socket = new WebSocket(url().replace('http', 'ws'), 'graphql-transport-ws')
  await once(socket, 'open')
  socket.send('{"type":"connection_init"}')
  await once(socket, 'message')
  socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: body }))
  const [message] = await once(socket, 'message')
  socket.terminate()
  const { type, payload } = JSON.parse(String(message))
  return type === 'error' ? { errors: payload } : payload
}

const regular: Record<string, Ask> = {
  'application/json': post('application/json'),
  'application/graphql-response+json': post('application/graphql-response+json'),
  "yoga's adapter": post(`application/json, ${'x/x, '.repeat(250)}x/x`),
  'server-sent events': post('text/event-stream'),
  GET: get,
}
const roads: Record<string, Ask> = { ...regular, WebSocket: overWebSocket }

const asked =
  'query ($id: ID!, $n: Int, $unit: DistanceUnit!) { ride(id: $id, minVersion: $n) { splits(unit: $unit) { index } } }'
const right = { id: ridden, n: 0, unit: 'MILE' }

/** `status` is that for who takes application/graphql-response+json, which can say what went wrong. */
const wrong: Record<
  string,
  readonly [code: string, status: number, body: object, over?: Record<string, Ask>]
> = {
  'no GraphQL': ['GRAPHQL_PARSE_FAILED', 400, { query: '{ ride(' }],
  'a field that is not there': ['GRAPHQL_VALIDATION_FAILED', 400, { query: '{ wheels }' }],
  'an argument that is not there': [
    'GRAPHQL_VALIDATION_FAILED',
    400,
    { query: '{ rides(most: 1) { totalCount } }' },
  ],
  'a value that is none of an enumeration': [
    'GRAPHQL_VALIDATION_FAILED',
    400,
    { query: '{ ride(id: "x") { splits(unit: FURLONG) { index } } }' },
  ],
  'a number with a fraction': [
    'GRAPHQL_VALIDATION_FAILED',
    400,
    { query: '{ rides(first: 1.5) { totalCount } }' },
  ],
  'a variable that is missing': ['INVALID_INPUT', 400, { query: asked, variables: { unit: 'MILE' } }],
  'a variable of another type': ['INVALID_INPUT', 400, { query: asked, variables: { ...right, id: {} } }],
  'a variable with a fraction': ['INVALID_INPUT', 400, { query: asked, variables: { ...right, n: 1.5 } }],
  'a variable that is none of an enumeration': [
    'INVALID_INPUT',
    400,
    { query: asked, variables: { ...right, unit: 'FURLONG' } },
  ],
  'an operation that is not there': [
    'OPERATION_RESOLUTION_FAILURE',
    400,
    { query: 'query A { __typename }', operationName: 'B' },
  ],
  'no document': ['BAD_REQUEST', 400, {}, regular],
  'variables that are a list': ['BAD_REQUEST', 400, { query: '{ __typename }', variables: [] }, regular],
  'an unknown hash': [
    'PERSISTED_QUERY_NOT_FOUND',
    404,
    { query: '', extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } } },
  ],
  'an id that is none': ['INVALID_INPUT', 200, { query: '{ ride(id: "abc") { id } }' }],
  'a version that cannot be': [
    'INVALID_INPUT',
    200,
    { query: `{ ride(id: "${ridden}", minVersion: -1) { id } }` },
  ],
  'a page that is too long': ['INVALID_INPUT', 200, { query: '{ rides(first: 101) { totalCount } }' }],
  'a page shorter than nothing': ['INVALID_INPUT', 200, { query: '{ rides(last: -1) { totalCount } }' }],
  'a page from both ends': ['INVALID_INPUT', 200, { query: '{ rides(first: 1, last: 1) { totalCount } }' }],
  'a cursor of something else': ['CURSOR_UNKNOWN', 200, { query: outdated }],
}

test.each(Object.entries(wrong))('%s', async (_, [code, status, body, over = roads]) => {
  expect(codes).toContain(code)
  for (let time = 0; time < 3; time++) {
    for (const [road, ask] of Object.entries(over)) {
      const answer = await ask(body)
      expect([road, answer.errors?.map(({ extensions }) => extensions?.code)]).toEqual([road, [code]])
      expect(answer.errors?.[0]?.message).toMatch(/\w+/)
      if (road === 'application/graphql-response+json') expect(answer.status).toBe(status)
      // Who takes application/json alone is told by the status only of what is no request at all.
      if (road === 'application/json' && !/BAD_REQUEST|INVALID_INPUT|RESOLUTION/.test(code)) {
        expect(answer.status).toBe(200)
      }
    }
  }
  expect(stage.faults).toEqual([])
})

const overloaded = {
  'nothing comes of it': { body: { query: lookedUp }, status: 503 },
  'it has data in part': { body: notYet, status: 200 },
}

test.each(Object.entries(overloaded))(
  'whoever asks while the server cannot answer is told when to come again: %s',
  async (_, { body, status }) => {
    const ask = (accept: string) =>
      fetch(url(), {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept },
        body: JSON.stringify(body),
      })
    // The first time it goes another road than later.
    for (let time = 0; time < 3; time++) {
      for (const padding of ['', `, ${'x/x, '.repeat(250)}x/x`]) {
        for (const [type, said] of Object.entries({
          'application/graphql-response+json': status,
          'application/json': 200,
        })) {
          const answer = await ask(type + padding)
          expect([type, padding.length, answer.status]).toEqual([type, padding.length, said])
          expect(answer.headers.get('retry-after')).toBe('1')
          const { errors } = (await answer.json()) as Errors
          expect(errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'OVERLOADED', retryAfter: 1 }])
        }
      }
    }
    for (const ask of [post('text/event-stream'), get, overWebSocket]) {
      const { errors } = await ask(body)
      expect(errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'OVERLOADED', retryAfter: 1 }])
    }
  },
)

test('what of an address is no JSON is the client’s mistake, not a fault of the server', async () => {
  for (const name of ['variables', 'extensions']) {
    const response = await fetch(`${url()}?query={__typename}&${name}={`)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'INVALID_INPUT' } }] })
  }
  expect(stage.faults).toEqual([])
})

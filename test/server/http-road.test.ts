/** The short road through HTTP and yoga's own adapter answer the same; and what only the short road has to get right. */
import { createHash } from 'node:crypto'
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Listening } from '#server/server.ts'
import {
  faulty,
  harmless,
  notYet,
  of,
  openStage,
  outdated,
  refused,
  ridden,
  upload,
  waiting,
} from './rooms.ts'

const stage = openStage()
const { faults } = stage
let short: Listening
let long: Listening
beforeAll(async () => {
  short = await stage.listen(stage.createGraphQL())
  // Where no document is ever known, nothing takes the short road.
  long = await stage.listen({ ...stage.createGraphQL(), proven: { documentOf: () => undefined } })
})
afterAll(() => Promise.all([short, long].map((one) => one?.close())))

interface Asking {
  readonly body?: string | object
  readonly headers?: Readonly<Record<string, string>>
  readonly method?: string
  readonly path?: string
}

const itsOwn = '00000000-0000-4000-8000-000000000000'

interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

async function ask(
  { port }: Listening,
  { body = '', headers = {}, method = 'POST', path = '' }: Asking,
): Promise<Answer> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const asking = request(
      {
        port,
        host: '127.0.0.1',
        method,
        path: `/graphql${path}`,
        headers: { 'content-type': 'application/json', ...headers },
      },
      resolve,
    )
    asking.on('error', reject)
    asking.end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  // Each request has a name of its own in the log, which a fault tells.
  const said = (await text(answer)).replace(/"requestId":"[\da-f-]{36}"/, `"requestId":"${itsOwn}"`)
  return { status: answer.statusCode, headers: answer.headers, body: said }
}

const good = { query: upload, variables: of(ridden) }

/** Those that the short road takes, once it knows the document. */
const taken: Record<string, Asking> = {
  'a mutation': { body: good },
  'one with a name': { body: { ...good, operationName: 'Upload' } },
  'one with extensions, and nothing for what is not said': {
    body: { ...good, extensions: { trace: 1 }, operationName: null, other: null },
  },
  'one of several operations': {
    body: { query: `query A { a: ride(id: "x") { id } } query B ${harmless}`, operationName: 'B' },
  },
  'a query': { body: { query: harmless } },
  'a query without variables': { body: { query: harmless, variables: null } },
  'not in English': {
    body: {
      query: '{ ride(id: "Ljubljana – Škofja Loka 🚴") { id } grüße: __typename }'.replace('grüße', 'a'),
    },
  },
  'an error as data': { body: { ...good, variables: of(refused) } },
  'a fault, which is masked': { body: { ...good, variables: of(faulty) } },
  'an error for the client': { body: { query: outdated } },
  'one with more to say': { body: notYet },
  'a variable that is wrong': {
    body: { ...good, variables: { input: { rideId: 1.5, positions: 'none', wheels: 2 } } },
  },
  'a scalar that is wrong': {
    body: { ...good, variables: { input: { rideId: 'a', positions: [{ at: 'today', latitude: '1' }] } } },
  },
  'a variable that is missing': { body: { query: upload } },
  'a charset': { body: good, headers: { 'content-type': 'application/json; charset=utf-8' } },
  'the older type': { body: good, headers: { 'content-type': 'application/graphql+json' } },
  'two types': { body: good, headers: { 'content-type': 'application/json,text/plain' } },
  ...Object.fromEntries(
    [
      '*/*',
      'application/json',
      'application/graphql-response+json',
      'application/graphql-response+json, application/json;q=0.9',
      'application/json, application/graphql-response+json',
      'application/*',
      'APPLICATION/JSON ; charset=UTF-8',
      'text/html, application/json; charset=utf-8',
      'application/json; charset=latin-1, application/graphql-response+json',
      'text/event-stream, application/json',
      'multipart/mixed, */*',
    ].flatMap((accept) => [
      [`Accept: ${accept}`, { body: good, headers: { accept } }],
      [`Accept: ${accept}, with a fault`, { body: { ...good, variables: of(faulty) }, headers: { accept } }],
      [`Accept: ${accept}, with a variable that is wrong`, { body: { query: upload }, headers: { accept } }],
    ]),
  ),
}

/** Those that go on to the adapter, or to nobody. */
const passedOn: Record<string, Asking> = {
  nothing: {},
  'no JSON': { body: 'nonsense' },
  'a list: batching': { body: JSON.stringify([good, good]) },
  'a text': { body: '"query"' },
  'no query': { body: {} },
  'a query that is none': { body: { query: 12 } },
  'variables that are none': { body: { query: harmless, variables: [] } },
  'variables as text': { body: { query: harmless, variables: '{}' } },
  'extensions that are none': { body: { query: harmless, extensions: 'all' } },
  'a parameter too many': { body: { query: harmless, id: 7 } },
  'an operation name that is none': { body: { query: harmless, operationName: 7 } },
  'an empty operation name': { body: { query: harmless, operationName: '' } },
  'an unknown operation': { body: { query: `query A ${harmless}`, operationName: 'B' } },
  'no operation among several': { body: { query: `query A ${harmless} query B ${harmless}` } },
  'a syntax error': { body: { query: '{' } },
  'only a fragment': { body: { query: 'fragment A on Ride { id }' } },
  'a field that is not there': { body: { query: '{ wheels }' } },
  'a subscription': {
    body: {
      query: 'subscription { liveRides(within: { west: 0, east: 1, south: 9, north: 0 }) { snapshot } }',
    },
  },
  'a subscription as JSON': {
    body: {
      query: 'subscription { liveRides(within: { west: 0, east: 1, south: 9, north: 0 }) { snapshot } }',
    },
    headers: { accept: 'application/json' },
  },
  'a type in capitals': { body: good, headers: { 'content-type': 'Application/JSON' } },
  'a type that is no GraphQL': { body: good, headers: { 'content-type': 'application/jsonp' } },
  'a form': { body: 'query={ride}', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  'an answer in HTML': { body: good, headers: { accept: 'text/html' } },
  'an answer as it comes': { body: good, headers: { accept: 'text/event-stream' } },
  'an answer in parts': { body: good, headers: { accept: 'multipart/mixed' } },
  'an answer in another charset': { body: good, headers: { accept: 'application/json; charset=latin-1' } },
  GET: { method: 'GET', path: `?query=${encodeURIComponent(harmless)}` },
  'a mutation by GET': {
    method: 'GET',
    path: `?query=${encodeURIComponent('mutation { startRide(input: {}) { __typename } }')}`,
  },
  PUT: { method: 'PUT', body: good },
  'a query by its hash, which nobody knows': {
    body: { extensions: { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } } },
  },
  'a hash of something else': {
    body: { query: harmless, extensions: { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } } },
  },
}

const seen = ({ status, headers, body }: Answer) => ({
  status,
  type: headers['content-type'],
  allow: headers['allow'],
  body,
})

describe('is answered as the adapter answers it', () => {
  test.each(Object.entries(taken))('%s', async (_, asking) => {
    const expected = seen(await ask(long, asking))
    await ask(short, asking)
    const again = await ask(short, asking)
    expect(seen(again)).toEqual(expected)
    // The adapter sends pieces without saying how many.
    expect(again.headers['content-length']).toBe(String(Buffer.byteLength(expected.body)))
  })

  test.each(Object.entries(passedOn))('%s', async (_, asking) => {
    const expected = seen(await ask(long, asking))
    await ask(short, asking)
    expect(seen(await ask(short, asking))).toEqual(expected)
  })

  test('also when it has come so often that it is compiled', async () => {
    const some = [
      'a mutation',
      'an error as data',
      'a fault, which is masked',
      'an error for the client',
      'one with more to say',
      'a variable that is wrong',
      'not in English',
    ]
    for (const name of some) {
      const asking = taken[name] ?? {}
      const expected = seen(await ask(long, asking))
      for (let time = 0; time < 105; time++)
        expect([name, seen(await ask(short, asking))]).toEqual([name, expected])
    }
  })
})

test('what a client is not told is in the log', async () => {
  faults.length = 0
  for (let time = 0; time < 3; time++) {
    const { body } = await ask(short, taken['a fault, which is masked'] ?? {})
    expect(body).not.toContain('secret')
  }
  expect(faults).toEqual(Array(3).fill('An operation failed'))
})

test('a document is known by its hash once it came with it, to this road and the other', async () => {
  const query = '{ known: __typename }'
  const extensions = {
    persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') },
  }
  const byHash = `?extensions=${encodeURIComponent(JSON.stringify(extensions))}`
  expect((await ask(short, { body: { extensions } })).body).toContain('PersistedQueryNotFound')
  expect((await ask(short, { method: 'GET', path: byHash })).body).toContain('PersistedQueryNotFound')
  for (let time = 0; time < 2; time++) {
    for (const asking of [
      { body: { query, extensions } },
      { body: { extensions } },
      { method: 'GET', path: byHash },
    ]) {
      expect(JSON.parse((await ask(short, asking)).body)).toMatchObject({ data: { known: 'Query' } })
    }
  }
})

const message = (body: object) => {
  const json = JSON.stringify(body)
  return `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(json)}\r\n\r\n${json}`
}

/** Sends what waits over a connection of its own, and goes on once it is being waited for. */
async function sendWaiting(...behind: readonly string[]): Promise<Socket> {
  await ask(short, { body: good })
  const before = stage.release()
  const socket = connect(short.port, '127.0.0.1')
  socket.write([message({ ...good, variables: of(waiting) }), ...behind].join(''))
  while (stage.release() === before) await ask(short, { body: { query: harmless } })
  return socket
}

test('what is sent without waiting is answered in its order, over one connection', async () => {
  const names = ['a', 'b', 'c']
  const socket = await sendWaiting(...names.map((name) => message({ query: `{ ${name}: __typename }` })))
  let came = ''
  const all = new Promise<void>((resolve) => {
    socket.setEncoding('utf8').on('data', (more: string) => {
      came += more
      if (came.includes('"c":')) resolve()
    })
  })
  // By then the later ones are done too: what is asked over another connection is.
  await ask(short, { body: { query: '{ c: __typename }' } })
  expect(came).toBe('')
  stage.release()()
  await all
  socket.destroy()
  expect(came.match(/"(recordPositions|[abc])":/g)).toEqual(['"recordPositions":', '"a":', '"b":', '"c":'])
})

test('a connection stays open for who sends something every minute', async () => {
  const { headers } = await ask(short, { body: good, headers: { connection: 'keep-alive' } })
  expect(headers['keep-alive']).toBe('timeout=65')
})

test('a body that comes in pieces is one', async () => {
  const socket = connect(short.port, '127.0.0.1').setNoDelay()
  const whole = message({ query: '{ ride(id: "Škofja Loka") { id } }' })
  const split = Buffer.from(whole).indexOf('Š') + 1
  socket.write(Buffer.from(whole).subarray(0, split))
  await ask(short, { body: good })
  socket.write(Buffer.from(whole).subarray(split))
  const came = await new Promise<string>((resolve) => socket.setEncoding('utf8').once('data', resolve))
  socket.destroy()
  expect(came).toContain('200 OK')
})

test('a client that goes away before its answer harms nobody', async () => {
  faults.length = 0
  const socket = await sendWaiting()
  const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.resetAndDestroy()
  await gone
  stage.release()()
  expect((await ask(short, { body: good })).status).toBe(200)
  expect(faults).toEqual([])
})

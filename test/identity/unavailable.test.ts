/**
 * While the database is away: who is known stays so, of others it cannot be said who they are. And while a provider is, nobody signs
 * in with it, and it is said.
 */
import type { ConnectionPool } from '@databases/pg'
import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { DatabaseUnavailable } from '#database/faults.ts'
import { openAccounts } from '#identity/accounts.ts'
import { type Identity, openIdentity } from '#identity/identity.ts'
import { addressHeader } from '#identity/paths.ts'
import { createIdentify } from '#server/identify.ts'
import type { Listening } from '#server/server.ts'
import { openSockets } from '#server/sockets.ts'
import { openStage } from '../server/rooms.ts'
import { startIssuer } from './issuer.ts'

const known = `Bearer slip_${'a'.repeat(43)}`
const unknown = `Bearer slip_${'b'.repeat(43)}`
const riderId = '6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f506'

let isAway = false
let identity: Identity
let listening: Listening
let sockets: ReturnType<typeof openSockets>
const stage = openStage()

beforeAll(async () => {
  const query = async () => {
    if (isAway) throw new DatabaseUnavailable('The database is away')
    return [{ id: riderId, rider_id: riderId, scopes: ['rides:read'], expires_at: null }]
  }
  identity = await openIdentity({
    database: databaseThat(query),
    url: '',
    origin: '',
    signIn: undefined,
    listener: { on: () => () => undefined },
    now: Date.now,
    onLeft: () => undefined,
    onFault: (what) => void stage.faults.push(what),
  })
  const identify = createIdentify(identity)
  const graphql = stage.createGraphQL()
  listening = await stage.listen(graphql, identify)
  sockets = openSockets(listening, graphql, identify)
})
afterAll(async () => {
  await identity?.close()
  await Promise.all([listening?.close(), sockets?.close()])
})

function databaseThat(query: () => Promise<unknown[]>): ConnectionPool {
  const database: object = { query }
  return database as ConnectionPool
}

const ask = (authorization: string) =>
  fetch(`http://127.0.0.1:${listening.port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify({ query: '{ __typename }' }),
  })

/** With what code a socket is closed that is opened with these parameters. */
async function closedOver(connectionParams: Record<string, string>): Promise<number> {
  const closed = Promise.withResolvers<number>()
  const client = createClient({
    url: `ws://127.0.0.1:${listening.port}/graphql`,
    webSocketImpl: WebSocket,
    lazy: false,
    retryAttempts: 0,
    onNonLazyError: () => undefined,
    connectionParams,
    on: {
      connected: () => closed.reject(new Error('It was let in')),
      closed: (event) => closed.resolve((event as { code: number }).code),
    },
  })
  try {
    return await closed.promise
  } finally {
    await client.dispose()
  }
}

test('a credential that is not known is asked to come again, over each road, and is not called bad', async () => {
  isAway = false
  expect((await ask(known)).status).toBe(200)
  isAway = true
  expect((await ask(known)).status).toBe(200)
  const later = await ask(unknown)
  expect(later.status).toBe(503)
  expect(later.headers.get('retry-after')).toBe('1')
  expect(await later.json()).toMatchObject({ errors: [{ extensions: { code: 'OVERLOADED' } }] })

  expect(await closedOver({ authorization: unknown })).toBe(1013)

  isAway = false
  expect((await ask(unknown)).status).toBe(200)
  expect(stage.faults).toEqual([])
})

test.each(['authorization', 'Authorization', 'AUTHORIZATION'])(
  '%s says over a socket who opens it',
  async (name) => {
    expect(await closedOver({ [name]: 'Bearer nothing' })).toBe(4403)
  },
)

test('a provider that is away holds up nobody, and it is said', async () => {
  const { promise, resolve } = Promise.withResolvers<string>()
  const query = async () => [{ count: 1, left: 1 }]
  await using issuer = await startIssuer()
  await issuer[Symbol.asyncDispose]()
  const accounts = await openAccounts({
    database: databaseThat(query),
    url: 'postgres://127.0.0.1/nothing',
    secret: 'for tests only, and long enough for them',
    origin: 'http://rides.example',
    signUp: 'closed',
    admins: [],
    oidc: { issuer: issuer.url, clientId: issuer.clientId, clientSecret: issuer.clientSecret },
    onLeft: () => undefined,
    onFault: resolve,
  })
  expect(await promise).toContain('OIDC_ISSUER: Discovery fetch failed')
  const answer = await accounts.handle(
    new Request('http://rides.example/api/auth/sign-in/social', {
      method: 'POST',
      headers: { 'content-type': 'application/json', [addressHeader]: '192.0.2.1' },
      body: JSON.stringify({ provider: 'oidc', callbackURL: '/' }),
    }),
  )
  expect([answer.status, await answer.json()]).toMatchObject([404, { code: 'PROVIDER_NOT_FOUND' }])
  await accounts.close()
})

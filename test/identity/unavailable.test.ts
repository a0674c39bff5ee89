/** While the database is away: who is known stays so, of others it cannot be said who they are. */
import type { ConnectionPool } from '@databases/pg'
import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { DatabaseUnavailable } from '#database/faults.ts'
import { type Identity, openIdentity } from '#identity/identity.ts'
import { createIdentify } from '#server/identify.ts'
import type { Listening } from '#server/server.ts'
import { openSockets } from '#server/sockets.ts'
import { openStage } from '../server/rooms.ts'

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
    database: { query } as Partial<ConnectionPool> as ConnectionPool,
    url: '',
    origin: '',
    signIn: undefined,
    listener: { on: () => () => undefined },
    now: Date.now,
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

const ask = (authorization: string) =>
  fetch(`http://127.0.0.1:${listening.port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify({ query: '{ __typename }' }),
  })

test('a credential that is not known is asked to come again, over each road, and is not called bad', async () => {
  isAway = false
  expect((await ask(known)).status).toBe(200)
  isAway = true
  expect((await ask(known)).status).toBe(200)
  const later = await ask(unknown)
  expect(later.status).toBe(503)
  expect(later.headers.get('retry-after')).toBe('1')
  expect(await later.json()).toMatchObject({ errors: [{ extensions: { code: 'OVERLOADED' } }] })

  const closed = Promise.withResolvers<number>()
  const client = createClient({
    url: `ws://127.0.0.1:${listening.port}/graphql`,
    webSocketImpl: WebSocket,
    lazy: false,
    retryAttempts: 0,
    onNonLazyError: () => undefined,
    connectionParams: { authorization: unknown },
    on: { closed: (event) => closed.resolve((event as { code: number }).code) },
  })
  expect(await closed.promise).toBe(1013)
  await client.dispose()

  isAway = false
  expect((await ask(unknown)).status).toBe(200)
  expect(stage.faults).toEqual([])
})

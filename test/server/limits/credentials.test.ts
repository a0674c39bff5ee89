/** Whoever tries out keys is counted by his address, and soon nothing is looked up for him. */
import { once } from 'node:events'
import type { ConnectionPool } from '@databases/pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { openIdentity } from '#identity/identity.ts'
import { createIdentify } from '#server/identify.ts'
import { withCounting } from '#server/identify-counted.ts'
import { openPolicy } from '#server/limits/policy.ts'
import { usualLimits } from '#server/limits/settings.ts'
import { openSockets } from '#server/sockets.ts'
import { harmless, openStage } from '../rooms.ts'

const most = 5
const riderId = '6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f506'
const good = `Bearer slip_${'a'.repeat(43)}`
let made = 0
const bad = () => `Bearer slip_${String(++made).padStart(43, '0')}`

const closing: (() => Promise<unknown>)[] = []
afterAll(() => Promise.all(closing.map((close) => close())))

/** The clock stands still, so that nothing comes back. */
async function open() {
  let lookUps = 0
  let isGood = true
  const query = async () => {
    lookUps++
    return isGood ? [{ id: riderId, rider_id: riderId, scopes: ['rides:read'], expires_at: null }] : []
  }
  const database: object = { query }
  const stage = openStage()
  const identity = await openIdentity({
    ...{ database: database as ConnectionPool, url: '', origin: '', signIn: undefined },
    listener: { on: () => () => undefined },
    now: Date.now,
    onLeft: () => undefined,
    onFault: (what) => void stage.faults.push(what),
  })
  const limits = { ...usualLimits, anonymousRequestsPerMinute: most }
  const policy = openPolicy({ limits, now: () => 0 })
  const identify = withCounting(createIdentify(identity), policy.rates)
  const graphql = stage.createGraphQL(policy)
  const listening = await stage.listen(graphql, identify)
  const sockets = openSockets(listening, graphql, identify)
  closing.push(() => Promise.all([listening.close(), sockets.close(), identity.close()]))
  const { port } = listening
  const ask = (authorization: string, path = '/graphql') =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify({ query: harmless }),
    })
  const connect = async (authorization: string) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws')
    await once(socket, 'open')
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }))
    const [code] = await once(socket, 'close')
    return code
  }
  expect((await ask(good)).status).toBe(200)
  isGood = false
  lookUps = 0
  return { ask, connect, lookUps: () => lookUps }
}

let it: Awaited<ReturnType<typeof open>>
beforeAll(async () => {
  it = await open()
})

test('keys that are no good are so many, over all roads, and then none is looked up', async () => {
  const { ask, connect, lookUps } = it
  expect((await ask(bad())).status).toBe(401)
  expect((await ask(bad(), '/rides/import')).status).toBe(401)
  expect((await ask('Bearer nonsense')).status).toBe(401)
  expect(await connect(bad())).toBe(4403)
  expect((await ask(bad())).status).toBe(401)
  expect(lookUps()).toBe(4)

  for (const path of ['/graphql', '/rides/import']) {
    const answer = await ask(bad(), path)
    expect(answer.status).toBe(429)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(JSON.stringify(await answer.json())).toContain('RATE_LIMITED')
  }
  expect((await ask('Bearer nonsense')).status).toBe(429)
  expect(await connect(bad())).toBe(1013)
  expect(lookUps()).toBe(4)
})

test('a key that is known goes on from there', async () => {
  expect((await it.ask(good)).status).toBe(200)
})

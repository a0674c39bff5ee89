import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openAvailability } from '#database/availability.ts'
import { type Channel, channels, type Listener, openListener } from '#log/listener.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { databaseServer, freshDatabase, needsPostgres } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type DatabaseProxy, startProxy } from '../support/proxy.ts'
import { statement } from '../support/statement.ts'

test('what is notified on each channel is heard, by those who listen to it, until they stop', async () => {
  await using fresh = await freshDatabase()
  const listener = await openListener({ url: fresh.url, onLost: fail, onReturned: fail })
  const heard = hearing(listener)
  for (const [index, channel] of channels.entries()) {
    await statement(fresh.url, `select pg_notify('${channel}', '')`)
    await eventually('the hint', () => heard[channel] === 1)
    expect(Object.values(heard).reduce((sum, count) => sum + count)).toBe(index + 1)
  }
  let first = 0
  const stop = listener.on('log', () => first++)
  stop()
  await statement(fresh.url, `select pg_notify('log', '')`)
  await eventually('the hint', () => heard.log === 2)
  expect(first).toBe(0)
  await listener.close()
})

describe('a listener behind a network that fails', () => {
  let cluster: Cluster
  beforeAll(async () => {
    if (databaseServer()?.kind === 'postgres') cluster = await startCluster()
  })
  afterAll(() => cluster?.[Symbol.asyncDispose]())

  const losses: {
    how: string
    lose(proxy: DatabaseProxy): Promise<void>
    heal(proxy: DatabaseProxy): Promise<void>
  }[] = [
    {
      how: 'its connection was cut',
      async lose(proxy) {
        proxy.cut()
      },
      async heal() {},
    },
    {
      how: 'connections were refused',
      async lose(proxy) {
        proxy.refuse()
        proxy.cut()
      },
      async heal(proxy) {
        proxy.pass()
      },
    },
    {
      how: 'everything was swallowed without a word',
      async lose(proxy) {
        proxy.blackhole()
      },
      async heal(proxy) {
        proxy.cut()
        proxy.pass()
      },
    },
    {
      how: 'LISTEN failed just after it had connected again',
      async lose(proxy) {
        const lost = proxy.loseAnswer(/LISTEN/i)
        proxy.cut()
        await lost
      },
      async heal() {},
    },
    {
      how: 'the server was killed',
      lose: () => cluster.kill9(),
      heal: () => cluster.restart(),
    },
  ]

  test.for(losses)('hears again after $how, and looks once', async ({ lose, heal }, context) => {
    needsPostgres(context)
    await using opened = await openBehind(cluster)
    const { heard, proxy, said } = opened
    await lose(proxy)
    await eventually('the loss to be noticed', () => said.length > 0)
    await heal(proxy)
    await eventually('it to be back', () => said.length > 1)
    // Hints may have been lost meanwhile: all look, once.
    expect(heard).toEqual(each(1))
    await statement(cluster.url, `select pg_notify('projected', '')`)
    await eventually('the hint', () => heard.projected === 2)
    expect(heard).toEqual({ ...each(1), projected: 2 })
    expect(said).toEqual(['lost', 'returned'])
  })

  test('hears again after the second loss as after the first', async (context) => {
    needsPostgres(context)
    await using opened = await openBehind(cluster)
    const { heard, proxy, said } = opened
    for (const times of [1, 2, 3]) {
      proxy.cut()
      await eventually('it to be back', () => said.length === 2 * times)
      expect(heard.log).toBe(times)
    }
    expect(said).toEqual(['lost', 'returned', 'lost', 'returned', 'lost', 'returned'])
  })

  test('closes while it is lost, and while nobody answers', async (context) => {
    needsPostgres(context)
    const { listener, proxy, said } = await openBehind(cluster)
    proxy.refuse()
    proxy.cut()
    await eventually('the loss to be noticed', () => said.length > 0)
    await listener.close()
    proxy.pass()
    const silent = await openBehind(cluster)
    silent.proxy.blackhole()
    await silent.listener.close()
    await silent.proxy[Symbol.asyncDispose]()
    await eventually('its connections to be gone', () => proxy.connections() === 0)
    await proxy[Symbol.asyncDispose]()
    expect(said).toEqual(['lost'])
  })
})

/** Whether the database is there is here only what the test says. */
test('known to be away the database is listened to anew, and all look when it is known to be back', async () => {
  await using fresh = await freshDatabase()
  let isThere = false
  const availability = openAvailability({
    probe: async () => isThere,
    now: () => performance.now(),
    random: Math.random,
    onAway: () => undefined,
    onBack: () => undefined,
    onBroken: () => undefined,
  })
  const said: string[] = []
  const listener = await openListener({
    url: fresh.url,
    availability,
    onLost: () => said.push('lost'),
    onReturned: () => said.push('returned'),
  })
  const heard = hearing(listener)
  availability.look()
  await eventually('it to listen anew', () => said.length === 2)
  expect(heard).toEqual(each(1))
  isThere = true
  await eventually('all to be woken', () => heard.log === 2)
  expect(heard).toEqual(each(2))
  expect(said).toEqual(['lost', 'returned'])
  availability.close()
  await listener.close()
})

interface Behind extends AsyncDisposable {
  readonly proxy: DatabaseProxy
  readonly listener: Listener
  readonly heard: Record<Channel, number>
  readonly said: readonly string[]
}

async function openBehind(cluster: Cluster): Promise<Behind> {
  const proxy = await startProxy({ target: cluster.port, random: Math.random })
  const through = new URL(cluster.url)
  through.port = String(proxy.port)
  const said: string[] = []
  const listener = await openListener({
    url: through.href,
    onLost: () => said.push('lost'),
    onReturned: () => said.push('returned'),
  })
  return {
    proxy,
    listener,
    heard: hearing(listener),
    said,
    async [Symbol.asyncDispose]() {
      await listener.close()
      await proxy[Symbol.asyncDispose]()
    },
  }
}

function hearing(listener: Listener): Record<Channel, number> {
  const heard = each(0)
  for (const channel of channels) listener.on(channel, () => heard[channel]++)
  return heard
}

function each(count: number): Record<Channel, number> {
  const others = { revoked: count, masks: count, leaving: count }
  return { log: count, identity: count, projected: count, serving: count, ...others }
}

function fail(): never {
  throw new Error('The connection was lost')
}

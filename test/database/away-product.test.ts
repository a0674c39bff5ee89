/** The whole product while its database is away. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApiClient, connect } from '../api/client.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { databaseServer, needsPostgres } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type Product, startProduct } from '../support/product.ts'
import { type DatabaseProxy, startProxy } from '../support/proxy.ts'

let cluster: Cluster
let proxy: DatabaseProxy
let product: Product
let client: ApiClient
beforeAll(async () => {
  if (databaseServer()?.kind !== 'postgres') return
  cluster = await startCluster()
  proxy = await startProxy({ target: cluster.port, random: Math.random })
  const url = new URL(cluster.url)
  url.port = String(proxy.port)
  product = await startProduct({ env: { DATABASE_URL: url.href } })
  client = connect(product.url)
})
afterAll(async () => {
  await client?.[Symbol.asyncDispose]()
  await product?.[Symbol.asyncDispose]()
  await proxy?.[Symbol.asyncDispose]()
  await cluster?.[Symbol.asyncDispose]()
})

const awaySaid = /The database is away/g
const backSaid = /The database is back/g

test.for([
  { how: 'killed', leave: () => cluster.kill9(), comeBack: () => cluster.restart() },
  {
    how: 'silent',
    leave: async () => proxy.blackhole(),
    comeBack: async () => {
      proxy.cut()
      proxy.pass()
    },
  },
])(
  'while its database is $how it refuses at once, says so once, and afterwards finishes what was begun',
  async ({ leave, comeBack }, context) => {
    needsPostgres(context)
    const { pid } = product
    const saidBefore = product.output().length
    const said = () => product.output().slice(saidBefore)
    const rideId = await startRide()

    await leave()
    await eventually('the first refusal', async () => (await end(rideId)) === 'OVERLOADED')
    await eventually('the loss to be said', () => said().match(awaySaid))
    const asked = performance.now()
    const refused = await Promise.all([end(rideId), end(randomUUID()), readiness()])
    // What a machine under load needs at most for what takes milliseconds.
    expect(performance.now() - asked).toBeLessThan(1_000)
    expect(refused).toEqual(['OVERLOADED', 'OVERLOADED', 503])

    await comeBack()
    await eventually('the ride to be ended', async () => (await end(rideId)) === 'EndRidePayload')
    await eventually('the ride to be finished', async () => (await statusOf(rideId)) === 'FINISHED')
    expect(await readiness()).toBe(200)
    await eventually('the return of notifications', () =>
      said().includes('Notifications of the database are back'),
    )
    expect(product.pid).toBe(pid)
    expect(said().match(awaySaid)).toHaveLength(1)
    expect(said().match(backSaid)).toHaveLength(1)
    // Away, back, and of the notifications lost and back: nothing from all those who met it.
    expect(said().match(/"time":|^\[\d/gm)).toHaveLength(4)
  },
)

async function startRide(): Promise<string> {
  const { rideId } = await client.mutate('startRide', { rideId: randomUUID() })
  return String(rideId)
}

const endId = new Map<string, string>()
/** Ends a ride, always as the same command; gives what it was answered. */
async function end(rideId: string): Promise<unknown> {
  const commandId = endId.get(rideId) ?? randomUUID()
  endId.set(rideId, commandId)
  const { __typename: type, code } = await client.mutate('endRide', { rideId, commandId })
  return code ?? type
}

async function statusOf(rideId: string): Promise<unknown> {
  const { data } = await client.ask('query ($id: ID!) { ride(id: $id) { status } }', { id: rideId })
  return data?.['ride']?.['status']
}

async function readiness(): Promise<number> {
  const response = await fetch(`${product.url}/readyz`)
  await response.body?.cancel()
  return response.status
}

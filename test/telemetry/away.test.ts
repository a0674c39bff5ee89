/** What is told of a process while the database is away. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../api/client.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type Product, startProduct } from '../support/product.ts'
import { type DatabaseProxy, startProxy } from '../support/proxy.ts'

const postgres = process.env['TEST_DATABASE_URL']

let database: FreshDatabase
let proxy: DatabaseProxy
let product: Product
beforeAll(async () => {
  if (postgres === undefined) return
  database = await freshDatabase()
  proxy = await startProxy({ target: Number(new URL(database.url).port), random: Math.random })
  const url = new URL(database.url)
  url.port = String(proxy.port)
  product = await startProduct({ env: { DATABASE_URL: url.href, LOG_FORMAT: 'json' } })
}, 60_000)
afterAll(async () => {
  for (const each of [product, proxy, database]) await each?.[Symbol.asyncDispose]()
})

async function value(name: string): Promise<number | undefined> {
  const text = await (await fetch(`${product.url}/metrics`)).text()
  const line = text.split('\n').find((each) => each.startsWith(`${name} `))
  return line === undefined ? undefined : Number(line.slice(name.length + 1))
}

const refused = 'slipstream_refusals_total{code="OVERLOADED"}'

test('each who is told OVERLOADED is counted, by whatever way he was told; metrics are still answered, and the log blames nobody', async (context) => {
  if (postgres === undefined) context.skip('needs a real PostgreSQL: set TEST_DATABASE_URL')
  await using api = connect(product.url)
  expect(await value('slipstream_database_available')).toBe(1)
  proxy.refuse()
  proxy.cut()
  // Somebody's requests meet it first.
  await eventually('the database to be known to be away', async () => {
    await api.ask('{ viewer { name } }')
    return (await value('slipstream_database_available')) === 0
  })
  const before = (await value(refused)) ?? 0
  const query = await api.ask('{ rides(first: 1) { totalCount } }')
  expect(query.errors?.[0]?.extensions?.code).toBe('OVERLOADED')
  expect(await api.mutate('startRide', { title: null })).toMatchObject({ code: 'OVERLOADED' })
  expect(((await value(refused)) ?? 0) - before).toBe(2)
  // What was asked within the second before is not asked again.
  await eventually(
    'it to be told that it does not answer',
    async () => (await value('slipstream_database_vitals_answered')) === 0,
  )
  proxy.pass()
  await eventually(
    'the database to be back',
    async () => (await value('slipstream_database_available')) === 1,
  )

  const about = product
    .output()
    .split('\n')
    .filter((line) => /The database is (away|back)|Notifications of the database/.test(line))
  expect(about.length).toBeGreaterThanOrEqual(2)
  expect(about.filter((line) => line.includes('requestId'))).toEqual([])
})

/** What an operator reads: in production lines for programs, each with what it is about. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type Product, startProduct } from '../support/product.ts'
import { statement } from '../support/statement.ts'

let database: FreshDatabase
let product: Product
beforeAll(async () => {
  database = await freshDatabase()
  product = await startProduct({
    env: { DATABASE_URL: database.url, NODE_ENV: 'production', LOG_LEVEL: 'debug' },
  })
}, 60_000)
afterAll(async () => {
  await product?.[Symbol.asyncDispose]()
  await database?.[Symbol.asyncDispose]()
})

type Line = Readonly<Record<string, unknown>>

const lines = (): Line[] =>
  product
    .output()
    // What stands behind the last end of a line may still be coming.
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line)

test('everything that it says is a line of JSON with a time, a level and a sentence', () => {
  for (const line of lines()) {
    expect(line).toMatchObject({
      level: expect.stringMatching(/^(debug|info|warn|error)$/),
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      msg: expect.stringMatching(/\S/),
    })
  }
  expect(lines().map(({ msg }) => msg)).toContain('Preparing the database …')
})

test('a request is told of by its road, with the names that find it elsewhere', async () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-00` }
  await fetch(`${product.url}/healthz`, { headers })
  const line = await eventually('the line', () => lines().find((each) => each['traceId'] === traceId))
  expect(line).toMatchObject({ method: 'GET', road: '/healthz', status: 200 })
})

test('nobody chooses the name that his request has in the log', async () => {
  const before = lines().length
  await fetch(`${product.url}/healthz`, { headers: { 'x-request-id': 'of-somebody-else-1' } })
  const line = await eventually('the line', () =>
    lines()
      .slice(before)
      .find(({ road }) => road === '/healthz'),
  )
  expect(line['requestId']).toMatch(/^[\da-f]{8}-[\da-f]{4}-4/)
})

test('who is told that something went wrong is told by which name it stands in the log', async () => {
  // Of a table that is not as it should be nobody foresaw what is read.
  await statement(database.url, 'alter table riders rename column name to called')
  const response = await fetch(`${product.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ rides(first: 1) { totalCount } viewer { name } }' }),
  })
  await statement(database.url, 'alter table riders rename column called to name')
  const { errors } = (await response.json()) as {
    errors?: readonly { readonly extensions: { readonly code: string; readonly requestId: string } }[]
  }
  const [error] = errors ?? []
  expect(error?.extensions.code).toBe('INTERNAL_SERVER_ERROR')
  const { requestId } = error!.extensions
  const line = await eventually('the line', () =>
    lines().find((each) => each['requestId'] === requestId && each['level'] === 'error'),
  )
  expect(line).toMatchObject({ msg: 'An operation failed', fault: 'SQL', state: '42703' })
})

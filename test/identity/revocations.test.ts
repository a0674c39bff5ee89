/** What a process learns of revocations from the database, told or not, and after any time in which it could not ask. */
import { type Queryable, sql } from '@databases/pg'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '#database/database.ts'
import { migrate } from '#database/migrate.ts'
import { openRevocations } from '#identity/revocations.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'

let fresh: FreshDatabase
let database: Database<unknown>
beforeAll(async () => {
  fresh = await freshDatabase()
  await migrate({ url: fresh.url, partitions: 1 })
  database = openDatabase({ url: fresh.url, onConnectionLost: () => undefined })
})
afterAll(async () => {
  await database?.close()
  await fresh?.[Symbol.asyncDispose]()
})

const key = '0b1f7a52-6f0e-4f6e-9d6c-0f6f5f0d2a11'
const struckOff: (string | 'all')[] = []
beforeEach(() => void struckOff.splice(0))

beforeEach(async () => {
  await database.write.query(sql`delete from revocations`)
})

/** @param ago how long the answers that it gets have been on their way: as if its last look was so long ago. */
async function open(ago: string) {
  const late: object = {
    query: async (query: Parameters<Queryable['query']>[0] & object) => {
      const rows = await database.write.query(query)
      const [{ then }] = await database.write.query(sql`select (now() - ${ago}::interval)::text as then`)
      return rows.map((row: object) => ({ ...row, now: then }))
    },
  }
  const revocations = openRevocations(late as Queryable, {
    revoke: (ids) => void struckOff.push(...ids),
    revokeAll: () => void struckOff.push('all'),
  })
  await revocations.look()
  struckOff.length = 0
  return revocations
}

/** Its number, as a notice has it. */
async function revoke(ago = '0 s'): Promise<string> {
  const [{ id }] = await database.write.query(
    sql`insert into revocations (credential, at) values (${key}, now() - ${ago}::interval) returning id`,
  )
  return id
}

test.each([
  ['0 s', '90 s'],
  ['10 min', '8 min'],
  ['23 hours', '23 hours'],
])('the last look was %s ago: what was revoked %s ago is struck off', async (lookedAgo, revokedAgo) => {
  const { look } = await open(lookedAgo)
  await revoke(revokedAgo)
  await look()
  expect(struckOff).toEqual([key])
})

test('after a longer time than revocations are kept everything is struck off', async () => {
  const { look } = await open('1 day')
  await look()
  expect(struckOff).toEqual(['all'])
})

test('a revocation strikes off once, and another of the same credential again', async () => {
  const { look } = await open('0 s')
  await revoke()
  for (let time = 0; time < 3; time++) await look()
  expect(struckOff).toEqual([key])
  await revoke()
  await look()
  expect(struckOff).toEqual([key, key])
})

test('what a notice said is not struck off by a look once more', async () => {
  const { hear, look } = await open('0 s')
  const id = await revoke()
  hear(`${key} ${id}`)
  await look()
  await look()
  expect(struckOff).toEqual([key])
})

test('the notice of a key names it and its revocation', async () => {
  const heard = Promise.withResolvers<string | undefined>()
  const client = new pg.Client(fresh.url)
  client.on('notification', ({ payload }) => heard.resolve(payload))
  await client.connect()
  try {
    await client.query('listen revoked')
    const {
      rows: [rider],
    } = await client.query(
      `insert into riders (rider_id, name) values (gen_random_uuid(), 'Ana') returning rider_id`,
    )
    await client.query(
      `insert into api_keys (id, rider_id, name, secret_hash, prefix, scopes) values ($1, $2, 'a', 'a', 'a', '{}')`,
      [key, rider.rider_id],
    )
    const { hear, look } = await open('0 s')
    await client.query('delete from api_keys')
    hear((await heard.promise) ?? '')
    await look()
    expect(struckOff).toEqual([key])
  } finally {
    await client.end()
  }
})

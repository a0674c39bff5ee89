/** A ride's deletion through the whole product, whatever dies on the way. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, startRide } from '../api/client.ts'
import { start } from '../projections/open-rides.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { startProduct } from '../support/product.ts'
import { statement } from '../support/statement.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database?.[Symbol.asyncDispose]())

const environment = () => ({ DATABASE_URL: database.url })

const query = (text: string, values: unknown[] = []) => statement(database.url, text, values)

/** A place that nothing else in the database or its logs could look like. */
const place = { latitude: 46.1357913, longitude: 14.2468024 }
const written = ['461357913', '142468024', '46.1357913', '14.2468024', 'Past the old mill']
const upload = (second: number) => ({
  at: new Date(start + second * 1000).toISOString(),
  latitude: place.latitude,
  longitude: place.longitude,
})

/** Where in any table of the product a text stands that only the ride held. */
async function foundIn(): Promise<string[]> {
  const tables = await query(`
    select relname as name from pg_class
     where relkind = 'r' and relnamespace = 'public'::regnamespace and relname not like 'spatial_ref_sys'`)
  const found: string[] = []
  for (const { name } of tables) {
    for (const wanted of written) {
      const like = `%${wanted}%`
      const rows = await query(`select from "${name}" t where t::text like $1 limit 1`, [like])
      if (rows.length > 0) found.push(`${name}: ${wanted}`)
    }
  }
  return found
}

const isRedacted = async (rideId: string) =>
  (await query('select redacted from streams where stream_id = $1', [rideId]))[0]?.['redacted'] === true

async function writeRide(client: ReturnType<typeof connect>): Promise<string> {
  const rideId = await startRide(client, { startedAt: new Date(start).toISOString() })
  await client.mutate('editRide', { rideId, description: 'Past the old mill' })
  await client.mutate('recordPositions', { rideId, positions: [1, 2, 3].map(upload) }, 'ride { version }')
  return rideId
}

test('what a deleted ride held is in no table and no log of the server any more, also where the worker died at it', async () => {
  await using product = await startProduct({ env: environment() })
  await using client = connect(product.url)
  const rideId = await writeRide(client)
  const another = await writeRide(client)
  expect(await foundIn()).not.toEqual([])
  expect(await client.mutate('deleteRide', { rideId })).toMatchObject({ version: 4 })
  await eventually('the redaction', () => isRedacted(rideId))
  await product.stop()

  // Nobody is there to redact, or to take the ride from the read tables.
  await using api = await startProduct({ env: environment(), role: 'api' })
  await using left = connect(api.url)
  expect(await left.mutate('deleteRide', { rideId: another })).toMatchObject({ version: 4 })
  expect(await left.mutate('endRide', { rideId: another })).toMatchObject({ code: 'RIDE_NOT_FOUND' })
  expect(await isRedacted(another)).toBe(false)
  await api.kill()
  await using worker = await startProduct({ env: environment(), role: 'worker' })
  await eventually('the redaction', () => isRedacted(another))
  await eventually('the read tables to be clean', async () => (await foundIn()).length === 0)
  expect(await query('select count(*) as count from rides_1')).toEqual([{ count: '0' }])
  for (const log of [product, api, worker].map((each) => each.output())) {
    for (const wanted of written) expect(log).not.toContain(wanted)
  }
})

/** The whole product on a machine whose clock is hours ahead. */
import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { connect } from '../api/client.ts'
import { freshDatabase, needsPostgres } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { startProduct } from '../support/product.ts'
import { statement } from '../support/statement.ts'

const hour = 3_600_000
/** Before anything of the product is loaded. */
const thirteenHoursAhead = `--import=data:text/javascript,${encodeURIComponent(
  `const right = Date.now; Date.now = () => right() + ${13 * hour}`,
)}`

test('a machine whose clock is 13 hours ahead ends no ride that is not silent, and stamps what it is told with the right time', async (context) => {
  needsPostgres(context)
  await using database = await freshDatabase()
  const env = { DATABASE_URL: database.url }
  const [silent, ridden] = [randomUUID(), randomUUID()]
  await using product = await startProduct({ env })
  await using client = connect(product.url)
  for (const rideId of [silent, ridden]) await client.mutate('startRide', { rideId })
  await eventually('both to be projected', async () => {
    const rows = await statement(database.url, 'select from ride_progress_1')
    return rows.length === 2
  })
  await product.stop()
  await statement(
    database.url,
    `update ride_progress_1 set updated_at = updated_at - interval '12 hours 1 minute' where ride_id = '${silent}'`,
  )

  await using ahead = await startProduct({ env: { ...env, NODE_OPTIONS: thirteenHoursAhead } })
  expect(ahead.output()).toContain(`The clock of this machine is ${13 * 3_600} s ahead of the database's`)
  await using other = connect(ahead.url)
  const ride = async (id: string) => {
    const { data } = await other.ask('query ($id: ID!) { ride(id: $id) { status startedAt } }', { id })
    return data?.['ride']
  }
  // Whoever ends silent rides has looked.
  await eventually('the silent ride to be ended', async () => (await ride(silent))?.['status'] === 'FINISHED')
  expect(await ride(ridden)).toMatchObject({ status: 'ACTIVE' })

  const started = randomUUID()
  await other.mutate('startRide', { rideId: started })
  const seen = await eventually('the ride', async () => (await ride(started)) ?? false)
  expect(Math.abs(Date.parse(String(seen['startedAt'])) - Date.now())).toBeLessThan(hour)
}, 120_000)

/** A release beside the next one: what one finds on tables that the other has made. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { expect, test } from 'vitest'
import { readMigrations } from '#database/migration-files.ts'
import { connect } from '../api/client.ts'
import { ended, startCommand } from '../support/command.ts'
import { freshDatabase, needsPostgres } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type Product, startProduct } from '../support/product.ts'
import { laterProgram } from '../support/program-copy.ts'

const migrations = await readMigrations(new URL('../../db/migrations/', import.meta.url))
const numbers = migrations.map(({ number }) => number)
const newest = migrations.at(-1)!.number

/** Adds what a program of today does not mind: a column, a table, an index, another form of a function. */
const expanding = `-- serves programs from: ${newest}
alter table streams add column more text;
create table more (id integer primary key);
create index if not exists events_more on events (partition, recorded_at);
create function create_log(wanted_partitions integer, more text) returns void language sql as $$ select create_log(wanted_partitions) $$;
`
/** Takes away what today's program stands on. */
const contracting = `-- serves programs from: 9998
alter table streams rename column state to condition;
`

test('every migration from 0018 on says in its first line which programs it serves: no newer one than itself', () => {
  const ruled = migrations.filter(({ number }) => number >= '0018')
  expect(ruled.length).toBeGreaterThan(0)
  for (const { name, number, servesFrom } of ruled) {
    expect(servesFrom, `${name} begins with: -- serves programs from: NNNN`).toBeDefined()
    expect(numbers).toContain(servesFrom)
    expect(Number(servesFrom), name).toBeLessThanOrEqual(Number(number))
  }
})

test('an index on a table that grows with the log can be made before the migration that asks for it, without holding up writers', () => {
  const growing =
    /create (unique )?index (?!if not exists)\S+ on (events|streams|rides_\d|routes_\d|ride_changes)\b/i
  for (const { name, text } of migrations.filter(({ number }) => number >= '0018')) {
    expect(growing.exec(text)?.[0], name).toBeUndefined()
  }
})

test('a program works beside the next one, and starts beside it, on tables that were added to', async (context) => {
  needsPostgres(context)
  await using database = await freshDatabase()
  const env = { DATABASE_URL: database.url }
  await using later = await laterProgram({ '9998_more': expanding })
  await using old = await startProduct({ env })
  await rideOn(old, old)
  await using young = await startProduct({ env, program: later.directory })
  expect(await servesFrom(database.url)).toBe(newest)
  // Decided here and read there, and the other way round; then by one that started on tables that it does not know.
  await Promise.all([rideOn(old, young), rideOn(young, old)])
  await old.restart()
  expect(old.output()).toContain(
    'A newer version has made these tables (9998_more); this one works beside it',
  )
  await Promise.all([rideOn(old, young), rideOn(young, old)])
  expect(await ended(startCommand('projections.ts', env, 'status'))).toMatchObject({ code: 0, complaint: '' })
}, 120_000)

test('a program does not start on tables that no longer serve it: it says so in a sentence and ends', async (context) => {
  needsPostgres(context)
  await using database = await freshDatabase()
  const env = { DATABASE_URL: database.url }
  await using later = await laterProgram({ '9998_more': expanding, '9999_less': contracting })
  const reason = `The database was migrated by a newer version of Slipstream (it serves programs that know migration 9998, and the newest that is known here is ${newest}). Start that version, or restore a backup from before it.`
  await migrateBy(later.directory, env)
  expect(await servesFrom(database.url)).toBe('9998')
  await expect(startProduct({ env })).rejects.toThrow(
    new RegExp(`it ended with 1\\nPreparing the database …\\n\\n${literally(reason)}\\n$`),
  )
  expect(await ended(startCommand('projections.ts', env, 'status'))).toEqual({
    code: 1,
    output: '',
    complaint: `${reason}\n`,
  })
}, 120_000)

/** Rides a ride at one process and sees it at the other: its feed, and what is read of it when it has ended. */
async function rideOn(at: Product, seenAt: Product): Promise<void> {
  await using rider = connect(at.url)
  await using watcher = connect(seenAt.url)
  const rideId = randomUUID()
  const from = Date.now() - 60_000
  const startedAt = new Date(from).toISOString()
  expect(await rider.mutate('startRide', { rideId, startedAt })).toMatchObject({ version: 1 })
  const feed = watcher.subscribe(
    'subscription ($rideId: ID!) { rideFeed(rideId: $rideId, until: FINISHED) { type } }',
    { rideId },
  )
  const positions = Array.from({ length: 20 }, (_, second) => ({
    at: new Date(from + second * 1000).toISOString(),
    latitude: 46 + second * 1e-4,
    longitude: 14.5,
  }))
  const uploadId = randomUUID()
  expect(await rider.mutate('recordPositions', { rideId, uploadId, positions })).toMatchObject({ version: 2 })
  expect(await watcher.mutate('recordPositions', { rideId, uploadId, positions })).toMatchObject({
    version: 2,
  })
  expect(await watcher.mutate('endRide', { rideId })).toMatchObject({ version: 3 })
  const seen: unknown[] = []
  for await (const { data } of feed) seen.push(data?.['rideFeed']?.['type'])
  expect(seen).toEqual(['STARTED', 'POSITIONS_RECORDED', 'ENDED', 'FINISHED'])
  const read = await eventually('the ride to be read as finished', async () => {
    const { data } = await watcher.ask(
      'query ($id: ID!) { ride(id: $id) { status statistics { distance } } }',
      { id: rideId },
    )
    return data?.['ride']?.['status'] === 'FINISHED' && data['ride']
  })
  expect(read).toMatchObject({ statistics: { distance: expect.closeTo(211, 0) } })
}

/** The next version has come and gone. */
async function migrateBy(program: string, env: Readonly<Record<string, string>>): Promise<void> {
  // It cannot work on what it has taken away, for it is of today but for its migrations.
  await startProduct({ env, program, role: 'worker' }).then(
    (product) => product.stop(),
    () => undefined,
  )
}

async function servesFrom(url: string): Promise<unknown> {
  const client = new pg.Client(url)
  await client.connect()
  const { rows } = await client.query('select from_migration from serves_programs')
  await client.end()
  return rows[0]?.from_migration
}

function literally(text: string): string {
  return text.replace(/[.()]/g, '\\$&')
}

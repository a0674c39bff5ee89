/** What a migration does to others, and commands to a database that is not of their version. */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { migrate, migratedTo } from '#database/migrate.ts'
import { ended, startCommand } from '../support/command.ts'
import { freshDatabase, needsPostgres } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client(url)
  // It is cut off where the database is dropped first.
  client.on('error', () => undefined)
  await client.connect()
  onTestFinished(() => client.end().catch(() => undefined))
  return client
}

/** The migrations there are and one more, which changes `events`. */
async function withOneMore(): Promise<URL> {
  const directory = await mkdtemp(join(tmpdir(), 'slipstream-migrations-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  await cp('db/migrations', directory, { recursive: true })
  await writeFile(join(directory, '9999_more.sql'), 'alter table events add column more integer;')
  return pathToFileURL(`${directory}/`)
}

test('a migration that waits for a backup keeps nobody else waiting, says so, and goes on when it may', async (context) => {
  needsPostgres(context)
  await using database = await freshDatabase()
  const { url } = database
  await migrate({ url, partitions: 1 })
  const backup = await connected(url)
  await backup.query('begin; lock table events in access share mode')
  const said: string[] = []
  const directory = await withOneMore()
  const migrating = migrate({ url, partitions: 1, directory, onProgress: (each) => said.push(each) })
  const reader = await connected(url)
  await eventually('the migration to wait for the backup', async () => {
    const { rows } = await reader.query(
      "select from pg_stat_activity where datname = current_database() and application_name = 'slipstream migrate' and wait_event_type = 'Lock'",
    )
    return rows.length === 1
  })
  // Behind the migration in the queue for the table, and through as soon as it gives up.
  await reader.query('select from events')
  await eventually('it to be said', () => said.some((each) => each.includes('Others use the tables')))
  expect(await migratedTo(url, directory)).toEqual({ to: 'older' })
  await backup.query('commit')
  expect(await migrating).toEqual({ outcome: 'migrated', applied: ['9999_more'] })
  expect(said.find((each) => each.includes('Others'))).toBe(
    'Others use the tables that migration 9999_more changes; trying again',
  )
  expect(await migratedTo(url, directory)).toEqual({ to: 'this version' })
})

test('a migration that never gets at its tables changes nothing and says who may be in the way', async (context) => {
  needsPostgres(context)
  await using database = await freshDatabase()
  const { url } = database
  await migrate({ url, partitions: 1 })
  const backup = await connected(url)
  await backup.query('begin; lock table events in access share mode')
  const directory = await withOneMore()
  expect(await migrate({ url, partitions: 1, directory, attempts: 1 })).toEqual({
    outcome: 'refused',
    reason: expect.stringContaining('Migration 9999_more cannot get at its tables, and nothing was changed'),
  })
  await backup.query('commit')
  expect(await migratedTo(url, directory)).toEqual({ to: 'older' })
})

test('commands make and change no tables: of another version, they work where these serve them, and else refuse', async (context) => {
  needsPostgres(context)
  await using database = await freshDatabase()
  const { url } = database
  const status = () => ended(startCommand('projections.ts', { DATABASE_URL: url }, 'status'))
  expect(await migratedTo(url)).toEqual({ to: 'none' })
  expect(await status()).toMatchObject({
    code: 1,
    complaint: expect.stringContaining('There is no log in this database.'),
  })
  expect(await migratedTo(url)).toEqual({ to: 'none' })

  await migrate({ url, partitions: 1 })
  expect(await migratedTo(url)).toEqual({ to: 'this version' })
  expect(await status()).toMatchObject({ code: 0, complaint: '' })

  const client = await connected(url)
  await client.query("insert into kysely_migration values ('9999_future', now()::text)")
  expect(await migratedTo(url)).toEqual({ to: 'newer', newest: '9999_future' })
  expect(await status()).toMatchObject({ code: 0, complaint: '' })
  await client.query("update serves_programs set from_migration = '9999'")
  expect(await migratedTo(url)).toMatchObject({ to: 'too new' })
  expect(await status()).toMatchObject({ code: 1, complaint: expect.stringContaining('a newer version') })

  await client.query("delete from kysely_migration where name > '0001_log'")
  expect(await status()).toMatchObject({
    code: 1,
    complaint: expect.stringContaining('Start the server of this version first'),
  })
  const { rows } = await client.query('select name from kysely_migration')
  expect(rows).toEqual([{ name: '0001_log' }])
})

/** `npm run doctor` as a person runs it: on the server of this run, on one with bad settings, and where nothing answers. */
import pg from 'pg'
import { expect, test } from 'vitest'
import { migrate } from '#database/migrate.ts'
import { startCluster } from '../support/cluster.ts'
import { ended, startCommand } from '../support/command.ts'
import { freshDatabase, needsPostgres } from '../support/database.ts'
import { freePort } from '../support/free-port.ts'
import { startProduct } from '../support/product.ts'

interface Report {
  readonly isWell: boolean
  readonly findings: readonly { readonly about: string; readonly level: string; readonly says: string }[]
}

const doctor = (env: Record<string, string>, ...args: string[]) =>
  ended(startCommand('doctor.ts', env, ...args))

async function reportOf(env: Record<string, string>, ...args: string[]) {
  const { output, complaint, code } = await doctor(env, '--json', ...args)
  const report: Report = JSON.parse(output)
  const said = (words: string) => report.findings.find(({ says }) => says.includes(words))?.level
  return { ...report, said, output, complaint, code }
}

test('of a database that is served it says what it is and how far it is, and could not change it', async (context) => {
  needsPostgres(context)
  await using product = await startProduct()
  const url = new URL(await product.databaseUrl())
  url.searchParams.set('options', '-c default_transaction_read_only=on')
  const { said, findings, complaint, code, isWell } = await reportOf({ DATABASE_URL: url.href })
  expect(complaint).toBe('')
  expect(said('The tables are of this version.')).toBe('good')
  expect(said('rides: up to date.')).toBe('good')
  expect(said('It has PostGIS')).toBe('good')
  expect(said('agree')).toBe('good')
  expect(said('One process of this configuration may open 22 connections')).toBe('good')
  expect(code).toBe(isWell ? 0 : 1)
  expect(findings.filter(({ about }) => about === 'Database').map(({ level }) => level)).not.toContain(
    'wrong',
  )
})

test('a database in which nothing was made yet stays empty', async (context) => {
  needsPostgres(context)
  await using database = await freshDatabase()
  const { said } = await reportOf({ DATABASE_URL: database.url })
  expect(said('There are no tables yet.')).toBe('doubtful')
  const client = new pg.Client(database.url)
  await client.connect()
  const { rows } = await client.query(
    `select to_regclass('events') as events, to_regclass('kysely_migration') as made`,
  )
  await client.end()
  expect(rows).toEqual([{ events: null, made: null }])
})

test('settings with which data is lost or processes do not fit are wrong, and it leaves with 1', async (context) => {
  needsPostgres(context)
  const settings = {
    max_connections: 60,
    fsync: 'off',
    autovacuum: 'off',
    shared_buffers: '16MB',
    wal_level: 'minimal',
  }
  await using cluster = await startCluster({ settings: { ...settings, max_wal_senders: 0 } })
  await migrate({ url: cluster.url, partitions: 4 })
  const { said, code } = await reportOf({ DATABASE_URL: cluster.url }, '--processes', '20')
  expect(code).toBe(1)
  expect(said('20 processes of this configuration may open 500 connections')).toBe('wrong')
  expect(said('fsync is off')).toBe('wrong')
  expect(said('autovacuum or track_counts is off')).toBe('wrong')
  expect(said('wal_level is minimal')).toBe('doubtful')
  expect(said('shared_buffers is 16 MB')).toBe('doubtful')
  const client = new pg.Client(cluster.url)
  await client.connect()
  await client.query('create role somebody login')
  await client.end()
  const poor = await reportOf({ DATABASE_URL: cluster.url.replace('postgres@', 'somebody@') })
  expect(poor.said('This user may not read and write the log.')).toBe('wrong')
  expect(poor.said('This user may not create tables in it.')).toBe('wrong')
  expect(poor.said('fsync is off')).toBe('wrong')
  const text = await doctor({ DATABASE_URL: cluster.url })
  expect(text.output).toMatch(/✗ fsync is off.*\n {6}→ Set fsync = on/)
})

test('a replica is told from another database', async (context) => {
  needsPostgres(context)
  await using cluster = await startCluster()
  await migrate({ url: cluster.url, partitions: 1 })
  await using standby = await cluster.standby()
  const follows = await reportOf({ DATABASE_URL: cluster.url, DATABASE_READ_URL: standby.url })
  expect(follows.findings.filter(({ about }) => about === 'Replica')).toMatchObject([
    { level: 'good', says: 'It follows, and has all events.' },
    { level: 'good', says: expect.stringContaining('may open 6 connections') },
  ])
  await using another = await freshDatabase()
  const strange = await reportOf({ DATABASE_URL: cluster.url, DATABASE_READ_URL: another.url })
  expect(strange.said('It does not have the log that DATABASE_URL has.')).toBe('wrong')
  const once = await reportOf({ DATABASE_URL: cluster.url, DATABASE_READ_URL: cluster.url })
  expect(once.said('is no standby')).toBe('doubtful')
})

test('a database that does not answer is told of, without its password', async () => {
  const port = await freePort()
  const { output, code } = await doctor({
    DATABASE_URL: `postgres://ana:geheim-42@127.0.0.1:${port}/slipstream`,
    MAPBOX_ACCESS_TOKEN: 'sk.geheim-43',
  })
  expect(code).toBe(1)
  expect(output).toContain('✗ The database at DATABASE_URL cannot be looked at')
  expect(output).toContain('SECRET token')
  expect(output).not.toContain('geheim')
})

test('where no embedded database was made it makes none', async () => {
  const { output, code } = await doctor({ DATA_DIR: '/nowhere/at/all' })
  expect(code).toBe(0)
  expect(output).toContain('There is no embedded database yet.')
})

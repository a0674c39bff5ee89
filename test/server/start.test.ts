/** What the product says when it cannot start. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '#config.ts'
import { migrate } from '#database/migrate.ts'
import { freshDatabase, needsPostgres } from '../support/database.ts'
import { freePort } from '../support/free-port.ts'
import { startProduct } from '../support/product.ts'

/** Runs it until it ends by itself. */
function run(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ['src/main.ts'], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })))
}

/** Their names, in their order. */
const migrations = readdir(new URL('../../db/migrations/', import.meta.url)).then((files) =>
  files.map((file) => file.replace(/\.sql$/, '')).sort(),
)

test('every fault of the environment is named at once', () => {
  const reading = readConfig({
    PORT: '99999',
    ROLE: 'boss',
    LOG_PARTITIONS: 'x',
    DATABASE_URL: 'mysql://here',
  })
  expect(reading).toEqual({
    outcome: 'refused',
    faults: [
      'PORT is 1 to 65535',
      'DATABASE_URL begins with postgres://',
      'LOG_PARTITIONS is a number, 1 to 256',
      'ROLE is all, api or worker',
    ],
  })
  expect(readConfig({ PORT: '', DATABASE_URL: '' })).toMatchObject({
    outcome: 'read',
    config: { port: 4000, databaseUrl: undefined },
  })
})

test('a port in use', async () => {
  await using database = await freshDatabase()
  await using first = await startProduct({ env: { DATABASE_URL: database.url } })
  const { port } = new URL(first.url)
  const second = await run({ DATABASE_URL: database.url, PORT: port })
  expect(second.code).toBe(1)
  expect(second.output).toContain(`Port ${port} of 127.0.0.1 is in use`)
  expect((await fetch(`${first.url}/readyz`)).status).toBe(200)
})

test('an address that others reach, and nobody has to sign in', async () => {
  const refused = await run({ HOST: '0.0.0.0' })
  expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('AUTH_SECRET is not set') })
  expect(refused.output).not.toContain('Preparing the database')
})

test('a DATABASE_URL that does not answer', async () => {
  const refused = await run({ DATABASE_URL: `postgres://nobody@127.0.0.1:${await freePort()}/none` })
  expect(refused).toMatchObject({
    code: 1,
    output: expect.stringContaining('The database at DATABASE_URL does not answer as it should'),
  })
})

test('a DATABASE_URL that names no database, or a socket that is not there, or is no address', async () => {
  await using database = await freshDatabase()
  const missing = new URL(database.url)
  missing.pathname = '/there_is_none'
  const urls = [
    missing.href,
    'postgres://nobody@%2Ftmp%2Fno%2Fsuch%2Fdirectory/none',
    'postgres://nobody:secret@word@:x/none',
  ]
  // The embedded database is a single one, whatever it is called.
  for (const url of database.kind === 'postgres' ? urls : urls.slice(1)) {
    const { code, output } = await run({ DATABASE_URL: url })
    expect({ code, output }).toMatchObject({
      code: 1,
      output: expect.stringContaining('set DATABASE_URL right'),
    })
    expect(output).not.toContain('secret')
  }
})

test('a DATABASE_URL behind which something else listens', async () => {
  const silent = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => silent.once('listening', resolve))
  const address = silent.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const { code, output } = await run({ DATABASE_URL: `postgres://nobody@127.0.0.1:${port}/none` })
  expect(code).toBe(1)
  expect(output).toContain('does not answer')
  silent.close()
})

test('a user who may not create tables is told so', async (context) => {
  needsPostgres(context)
  await using database = await freshDatabase()
  const role = `guest_${randomBytes(4).toString('hex')}`
  const client = new pg.Client(database.url)
  await client.connect()
  await client.query(`create role ${role} login`)
  const url = new URL(database.url)
  url.username = role
  expect(await migrate({ url: url.href, partitions: 1 })).toMatchObject({
    outcome: 'refused',
    reason: expect.stringContaining('may not create tables'),
  })
  await client.query(`drop role ${role}`)
  await client.end()
})

test('a migration that fails half-way changes nothing, and says which', async () => {
  await using database = await freshDatabase()
  const directory = await mkdtemp(join(tmpdir(), 'slipstream-migrations-'))
  await cp('db/migrations', directory, { recursive: true })
  await writeFile(
    join(directory, '9999_broken.sql'),
    'create table half_made (id integer); select nothing_of_the_kind();',
  )
  const outcome = await migrate({
    url: database.url,
    partitions: 1,
    directory: pathToFileURL(`${directory}/`),
  })
  expect(outcome).toMatchObject({
    outcome: 'refused',
    reason: expect.stringMatching(/Migration 9999_broken failed and nothing was changed/),
  })
  const client = new pg.Client(database.url)
  await client.connect()
  const { rows } = await client.query(
    "select count(*)::integer as tables from pg_class where relname in ('half_made', 'events', 'rides_1')",
  )
  expect(rows).toEqual([{ tables: 0 }])
  await client.end()
  await rm(directory, { recursive: true })
  expect(await migrate({ url: database.url, partitions: 1 })).toMatchObject({
    outcome: 'migrated',
    applied: await migrations,
  })
})

test('a database of a newer version that no longer serves this one is refused, not broken', async () => {
  await using database = await freshDatabase()
  await migrate({ url: database.url, partitions: 1 })
  const client = new pg.Client(database.url)
  await client.connect()
  await client.query("insert into kysely_migration values ('9999_future', now()::text)")
  await client.query("update serves_programs set from_migration = '9999'")
  await client.end()
  expect(await migrate({ url: database.url, partitions: 1 })).toMatchObject({
    outcome: 'refused',
    reason: expect.stringContaining('newer version'),
  })
})

test('several processes that start on one empty database at once migrate it once', async () => {
  await using database = await freshDatabase()
  const outcomes = await Promise.all(
    Array.from({ length: 4 }, () => migrate({ url: database.url, partitions: 1 })),
  )
  expect(
    outcomes.flatMap((outcome) => (outcome.outcome === 'migrated' ? outcome.applied : ['refused'])).sort(),
  ).toEqual(await migrations)
})

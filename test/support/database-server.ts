/**
 * The database server of one test run, opened before the first file of the `database` group (or `browser`) and gone after the last.
 *
 * With TEST_DATABASE_URL it is that server: PostGIS takes half a second to create, so it is created once, in a
 * template that the files' databases are copied from (60 ms each). Without, it is an embedded database for each of
 * the run's workers, in throw-away directories. They too are copies, and those of the products that tests start: to make one
 * takes six seconds, to open a copy one.
 */
import { randomBytes } from 'node:crypto'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { statement } from './statement.ts'

export type DatabaseServer =
  /** A database a worker: each holds what one file needs at a time. */
  | {
      readonly kind: 'embedded'
      readonly urls: readonly string[]
      /** A directory, of a database with PostGIS and nothing in it. */
      readonly template: string
    }
  | {
      readonly kind: 'postgres'
      readonly url: string
      /** Copied for each test file; its name begins the names of the copies. */
      readonly template: string
    }

declare module 'vitest' {
  interface ProvidedContext {
    databaseServer: DatabaseServer
  }
}

export default async function openDatabaseServer(project: TestProject): Promise<() => Promise<void>> {
  const url = process.env['TEST_DATABASE_URL']
  return url ? postgres(project, url) : embedded(project)
}

async function embedded({ name, config, provide }: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'slipstream-test-'))
  const template = join(directory, 'template')
  const { openEmbedded } = await import('../../src/database/embedded.ts')
  const first = await openEmbedded({ directory: template })
  await statement(first.url, 'CREATE EXTENSION IF NOT EXISTS postgis')
  await first.close()
  // The pages' tests have only those of their products.
  const workers = name === 'database' ? Number(config.maxWorkers) : 0
  const databases = await Promise.all(
    Array.from({ length: workers }, async (_, index) => {
      const copy = join(directory, String(index))
      await cp(template, copy, { recursive: true })
      const database = await openEmbedded({ directory: copy })
      // Every test that is still to come fails then; this is why.
      database.failed.then((reason) => console.error(`The embedded database has stopped: ${reason.message}`))
      return database
    }),
  )
  provide('databaseServer', { kind: 'embedded', urls: databases.map(({ url }) => url), template })
  return async () => {
    await Promise.all(databases.map((database) => database.close()))
    await rm(directory, { recursive: true, force: true })
  }
}

async function postgres(project: TestProject, url: string): Promise<() => Promise<void>> {
  const template = `slipstream_test_${randomBytes(4).toString('hex')}`
  const templateUrl = new URL(url)
  templateUrl.pathname = `/${template}`
  await statement(url, `CREATE DATABASE ${template}`)
  await statement(templateUrl.href, 'CREATE EXTENSION postgis')
  project.provide('databaseServer', { kind: 'postgres', url, template })
  return async () => {
    const left = await statement(url, `SELECT datname FROM pg_database WHERE datname LIKE '${template}%'`)
    for (const row of left) await statement(url, `DROP DATABASE IF EXISTS ${row['datname']} WITH (FORCE)`)
  }
}

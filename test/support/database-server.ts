/**
 * The database server of one test run, opened before the first file of the `database` group and gone after the last.
 *
 * With TEST_DATABASE_URL it is that server: PostGIS takes half a second to create, so it is created once, in a
 * template that the files' databases are copied from (60 ms each). Without, it is an embedded database for each of
 * the run's workers, in throw-away directories.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { statement } from './statement.ts'

export type DatabaseServer =
  /** A database a worker: each holds what one file needs at a time. */
  | { readonly kind: 'embedded'; readonly urls: readonly string[] }
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

async function embedded(project: TestProject): Promise<() => Promise<void>> {
  const { maxWorkers } = project.config
  const opened = await Promise.all(Array.from({ length: Number(maxWorkers) }, openOne))
  project.provide('databaseServer', { kind: 'embedded', urls: opened.map(({ url }) => url) })
  return async () => {
    await Promise.all(opened.map(({ close }) => close()))
  }
}

async function openOne() {
  const { openEmbedded } = await import('../../src/database/embedded.ts')
  const directory = await mkdtemp(join(tmpdir(), 'slipstream-test-'))
  const database = await openEmbedded({ directory })
  // Every test that is still to come fails then; this is why.
  database.failed.then((reason) => console.error(`The embedded database has stopped: ${reason.message}`))
  await statement(database.url, 'CREATE EXTENSION IF NOT EXISTS postgis')
  return {
    url: database.url,
    async close() {
      await database.close()
      await rm(directory, { recursive: true, force: true })
    },
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

/** What backups and replicas make of a log is another incarnation of it, so that no cursor from before is continued. */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sql } from '@databases/pg'
import { expect, test } from 'vitest'
import { openDatabase } from '#database/database.ts'
import { migrate } from '#database/migrate.ts'
import { readCursor, writeCursor } from '#log/cursor.ts'
import { openLog } from '#log/log.ts'
import { findPostgres, startCluster } from '../support/cluster.ts'
import { needsPostgres } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { openFreshLog } from './open.ts'

test('a replica that took over is another incarnation from its first moment, the primary that goes on is not', async (context) => {
  needsPostgres(context)
  await using primary = await startCluster()
  expect(await migrate({ url: primary.url, partitions: 1 })).toMatchObject({ outcome: 'migrated' })
  await using before = await openAt(primary.url)
  await using standby = await primary.standby()
  await using replica = await openReadingAt(standby.url)
  // A standby is asked in vain: it cannot say whose log it will be.
  await expect(openLog(replica.write)).rejects.toMatchObject({ code: '25006' })
  // No checkpoint ends by itself within this test, so that the control file knows nothing of the promotion yet.
  await standby.promote()
  await eventually('it to take writes', async () => {
    const [row] = await replica.write.query(sql`select pg_is_in_recovery() as is_standby`)
    return row.is_standby === false
  })
  const after = await openLog(replica.write)
  const cursor = writeCursor(before.log, { streamId: randomUUID(), version: 1, position: 1 })
  expect(readCursor(after, cursor)).toEqual({ outcome: 'unknown' })
  expect((await openLog(replica.write)).incarnation).toBe(after.incarnation)
  await using again = await openAt(primary.url)
  expect(again.log.incarnation).toBe(before.log.incarnation)
})

test('what pg_restore --clean brings back into the same database is another incarnation', async (context) => {
  needsPostgres(context)
  await using opened = await openFreshLog()
  const before = opened.log.incarnation
  expect((await opened.another()).incarnation).toBe(before)
  const { stdout: backup } = await program('pg_dump', ['--format=custom', opened.url])
  await program(
    'pg_restore',
    ['--clean', '--if-exists', '--single-transaction', `--dbname=${opened.url}`],
    backup,
  )
  const { incarnation } = await opened.another()
  expect(incarnation).not.toBe(before)
  expect((await opened.another()).incarnation).toBe(incarnation)
})

async function openAt(url: string) {
  const database = openDatabase<unknown>({ url, onConnectionLost: () => undefined })
  const log = await openLog(database.write)
  return { log, [Symbol.asyncDispose]: () => log.close().then(database.close) }
}

async function openReadingAt(url: string) {
  const { write, close } = openDatabase<unknown>({ url, onConnectionLost: () => undefined })
  return { write, [Symbol.asyncDispose]: close }
}

function program(name: string, args: readonly string[], input?: Buffer) {
  const running = promisify(execFile)(join(findPostgres() ?? '', name), args, {
    encoding: 'buffer',
    maxBuffer: 64 * 1024 * 1024,
  })
  running.child.stdin?.end(input)
  return running
}

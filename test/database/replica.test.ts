import { expect, test } from 'vitest'
import { migrate, migratedTo } from '#database/migrate.ts'
import { replicaFollows } from '#database/replica.ts'
import { freshDatabase, needsPostgres } from '../support/database.ts'
import { freePort } from '../support/free-port.ts'
import { startProduct } from '../support/product.ts'

const signal = new AbortController().signal
const random = () => 0.5

test('a replica that is behind the migration is waited for, and that is said once', async (context) => {
  needsPostgres(context)
  await using behind = await freshDatabase()
  // The migration arrives only when it is waited for.
  const arriving: Promise<unknown>[] = []
  const onWaiting = () => void arriving.push(migrate({ url: behind.url, partitions: 1 }))
  await replicaFollows({ url: behind.url, random, signal, onWaiting })
  await Promise.all(arriving)
  expect(arriving).toHaveLength(1)
  expect(await migratedTo(behind.url)).toEqual({ to: 'this version' })
})

test('a replica that does not follow, or does not answer, is named as what is wrong', async (context) => {
  needsPostgres(context)
  await using behind = await freshDatabase()
  const hopeless = { random, signal, patienceMs: 0, onWaiting: () => undefined }
  await expect(replicaFollows({ ...hopeless, url: behind.url })).rejects.toThrow(
    'The replica at DATABASE_READ_URL does not have the tables',
  )
  const nobody = `postgres://nobody@127.0.0.1:${await freePort()}/none`
  await expect(replicaFollows({ ...hopeless, url: nobody })).rejects.toThrow(
    /^The replica at DATABASE_READ_URL does not answer as it should: .*ECONNREFUSED/,
  )
})

test('waiting for a replica ends when the process is asked to stop', async (context) => {
  needsPostgres(context)
  await using behind = await freshDatabase()
  const stopping = new AbortController()
  const onWaiting = () => stopping.abort()
  await expect(
    replicaFollows({ url: behind.url, random, signal: stopping.signal, onWaiting }),
  ).rejects.toThrow(/abort/i)
})

test('the product starts with a replica that gets its tables a little later', async (context) => {
  needsPostgres(context)
  await using primary = await freshDatabase()
  await using replica = await freshDatabase()
  const starting = startProduct({ env: { DATABASE_URL: primary.url, DATABASE_READ_URL: replica.url } })
  const migrated = migrate({ url: replica.url, partitions: 1 })
  await using product = await starting
  await migrated
  expect((await fetch(`${product.url}/readyz`)).status).toBe(200)
})

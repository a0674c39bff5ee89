import { randomUUID } from 'node:crypto'
import { sql } from '@databases/pg'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrate } from '#database/migrate.ts'
import { mostAskedFor } from '#webhooks/asked-for.ts'
import { openQueue, QueueRefused } from '#webhooks/queue.ts'
import { openVault } from '#webhooks/vault.ts'
import { mostEndpoints, openWebhooks } from '#webhooks/webhooks.ts'
import { riderId } from '../projections/open-rides.ts'
import { freshDatabase, needsPostgres } from '../support/database.ts'
import { type OpenedWebhooks, openWebhooksBesideRides } from './open-webhooks.ts'

const url = 'http://127.0.0.1:4599/'
const stranger = randomUUID()
let it: OpenedWebhooks
beforeAll(async () => {
  it = await openWebhooksBesideRides()
})
afterAll(() => it?.[Symbol.asyncDispose]())

test('a secret is shown once, and is not in the database', async () => {
  const { secret } = await it.register(url)
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/)
  const rows = await it.rides.log.database.query(sql`select * from webhook_endpoints`)
  expect(JSON.stringify(rows)).not.toContain(secret.slice(6))
  expect(JSON.stringify(await it.webhooks.of(riderId))).not.toContain('whsec')
})

test("another rider's endpoint is as one that is not there", async () => {
  const { endpointId } = await it.register(url)
  await it.webhooks.ping(riderId, endpointId)
  const page = await it.webhooks.deliveries(riderId, endpointId, { first: 10 })
  expect(page?.deliveries).toMatchObject([{ type: 'ping', state: 'WAITING' }])
  const deliveryId = page?.deliveries[0]?.deliveryId ?? ''
  const { webhooks } = it
  for (const id of [endpointId, randomUUID()]) {
    expect(await webhooks.change(stranger, id, { isEnabled: false })).toEqual({ outcome: 'unknown' })
    expect(await webhooks.remove(stranger, id)).toBe(false)
    expect(await webhooks.rotate(stranger, id)).toBeUndefined()
    expect(await webhooks.ping(stranger, id)).toEqual({ outcome: 'unknown' })
    expect(await webhooks.deliveries(stranger, id, { first: 10 })).toBeUndefined()
  }
  expect(await webhooks.redeliver(stranger, deliveryId)).toEqual({ outcome: 'unknown' })
  expect(await webhooks.of(stranger)).toEqual([])
})

test('what is disabled can be enabled again', async () => {
  const { endpointId } = await it.register(url)
  const disabled = await it.webhooks.change(riderId, endpointId, { isEnabled: false })
  expect(disabled).toMatchObject({ endpoint: { disabledReason: 'RIDER', disabledAt: expect.any(Number) } })
  const enabled = await it.webhooks.change(riderId, endpointId, { isEnabled: true, events: ['ride.edited'] })
  expect(enabled).toMatchObject({
    endpoint: { disabledReason: null, disabledAt: null, events: ['ride.edited'] },
  })
})

test('deliveries come newest first, by pages', async () => {
  const { endpointId } = await it.register(url)
  const ids: (string | undefined)[] = []
  for (let n = 0; n < 5; n++) ids.unshift(await delivered(endpointId))
  const seen: string[] = []
  for (let after: string | undefined, more = true; more; ) {
    const page = await it.webhooks.deliveries(riderId, endpointId, { first: 2, after })
    seen.push(...(page?.deliveries ?? []).map((each) => each.deliveryId))
    after = seen.at(-1)
    more = page?.hasMore ?? false
  }
  expect(seen).toEqual(ids)
})

/** A ping that did not wait for long. */
async function delivered(endpointId: string): Promise<string | undefined> {
  const sending = await it.webhooks.ping(riderId, endpointId)
  const { database } = it.rides.log
  await database.query(
    sql`update webhook_deliveries set state = 'DELIVERED' where endpoint_id = ${endpointId}`,
  )
  return sending.outcome === 'waiting' ? sending.delivery.deliveryId : undefined
}

test('nothing is sent by hand while it waits already, whatever else does', async () => {
  const { endpointId } = await it.register(url)
  const other = await it.register(url)
  const sending = await it.webhooks.ping(riderId, endpointId)
  const deliveryId = sending.outcome === 'waiting' ? sending.delivery.deliveryId : ''
  const tooOften = { outcome: 'too often', retryAfter: 5 }
  expect(await it.webhooks.ping(riderId, endpointId)).toEqual(tooOften)
  expect(await it.webhooks.redeliver(riderId, deliveryId)).toEqual(tooOften)
  expect(await it.webhooks.ping(riderId, other.endpointId)).toMatchObject({ outcome: 'waiting' })
  // It has failed, and is to be tried again later: that may be now.
  const { database } = it.rides.log
  await database.query(sql`
    update webhook_deliveries set next_attempt_at = clock_timestamp() + interval '1 hour' where delivery_id = ${deliveryId}`)
  expect(await it.webhooks.redeliver(riderId, deliveryId)).toMatchObject({ outcome: 'waiting' })
})

test('a rider has so much sent by hand in a minute, of all his endpoints, and another his own', async () => {
  let now = 0
  const { database } = it.rides.log
  const vault = openVault(it.rides.log, undefined)
  const webhooks = openWebhooks({ database, vault, allowPrivate: true, now: () => now })
  const ids = [await it.register(url), await it.register(url)].map(({ endpointId }) => endpointId)
  const another = randomUUID()
  await database.query(sql`insert into riders (rider_id, name) values (${another}, 'Somebody')`)
  const created = await webhooks.create(another, { url, events: ['ride.edited'] })
  const ofAnother = created.outcome === 'created' ? created.endpoint.endpointId : ''
  let last = ''
  async function outcomeOf(asking: ReturnType<typeof webhooks.ping>) {
    const sending = await asking
    await database.query(sql`update webhook_deliveries set state = 'DELIVERED'`)
    if (sending.outcome === 'waiting') last = sending.delivery.deliveryId
    return sending.outcome
  }
  for (let n = 0; n < mostAskedFor; n += 2, now += 1_000) {
    expect(await outcomeOf(webhooks.ping(riderId, ids[n % 4 === 0 ? 0 : 1]!))).toBe('waiting')
    expect(await outcomeOf(webhooks.redeliver(riderId, last))).toBe('waiting')
  }
  expect(await webhooks.redeliver(riderId, last)).toEqual({ outcome: 'too often', retryAfter: 50 })
  expect(await outcomeOf(webhooks.ping(riderId, ids[0]!))).toBe('too often')
  expect(await outcomeOf(webhooks.ping(another, ofAnother))).toBe('waiting')
  now = 60_000
  expect(await outcomeOf(webhooks.ping(riderId, ids[0]!))).toBe('waiting')
})

test('a rider has no more endpoints than he may, however many he asks for at once', async () => {
  const another = randomUUID()
  await it.rides.log.database.query(sql`insert into riders (rider_id, name) values (${another}, 'Another')`)
  const made = await Promise.all(
    Array.from({ length: mostEndpoints + 3 }, () =>
      it.webhooks.create(another, { url, events: ['ride.edited'] }),
    ),
  )
  expect(made.filter(({ outcome }) => outcome === 'created')).toHaveLength(mostEndpoints)
  expect(made.filter((each) => each.outcome === 'refused').map(({ fault }) => fault)).toEqual(
    Array.from({ length: 3 }, () => 'too many'),
  )
})

test('a user who may not make the schema of the queue is told what to do', async (context) => {
  needsPostgres(context)
  await using database = await freshDatabase()
  await migrate({ url: database.url, partitions: 1 })
  const superuser = new pg.Client({ connectionString: database.url })
  await superuser.connect()
  const user = `limited_${randomUUID().slice(0, 8)}`
  const limited = new URL(database.url)
  limited.username = user
  try {
    await superuser.query(`create role ${user} login`)
    await superuser.query(`grant usage, create on schema public to ${user}`)
    const opening = openQueue({ url: limited.href, onFault: () => undefined })
    await expect(opening).rejects.toThrow(QueueRefused)
    await expect(opening).rejects.toThrow('create schema pgboss authorization')
    await superuser.query('create schema pgboss')
    const others = openQueue({ url: limited.href, onFault: () => undefined })
    await expect(others).rejects.toThrow('alter schema pgboss owner to')
    await superuser.query(`alter schema pgboss owner to ${user}`)
    await (await openQueue({ url: limited.href, onFault: () => undefined })).close()
  } finally {
    await superuser.query(`drop owned by ${user} cascade`)
    await superuser.query(`drop role ${user}`)
    await superuser.end()
  }
})

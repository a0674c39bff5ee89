import { randomUUID } from 'node:crypto'
import { sql } from '@databases/pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { redactAll } from '#log/redact.ts'
import { openTeller } from '#webhooks/teller.ts'
import { forgetWebhooks } from '#webhooks/webhooks.ts'
import { rideOut, riderId, start } from '../projections/open-rides.ts'
import { deliveriesOf, type OpenedWebhooks, openWebhooksBesideRides } from './open-webhooks.ts'

const url = 'http://127.0.0.1:4599/'
let it: OpenedWebhooks
beforeAll(async () => {
  it = await openWebhooksBesideRides()
})
afterEach(() => it.clear())
afterAll(() => it?.[Symbol.asyncDispose]())

const edit = (changes: object) => ({ type: 'editRide', changes }) as const
const remove = { type: 'deleteRide', at: null } as const
const finish = { type: 'finishRide', progress: null } as const
const begin = { type: 'startRide', startedAt: start, title: 'Out', visibility: 'PRIVATE' } as const

async function redact(): Promise<number> {
  const onFault = (error: unknown) => {
    throw error
  }
  return redactAll(it.rides.log.database, { signal: new AbortController().signal, onFault })
}

async function told() {
  return (await deliveriesOf(it)).map(({ type, ride_id, ride_version }) => [type, ride_id, ride_version])
}

test('that a ride is finished, edited and deleted is told, each once, by its id and version', async () => {
  const { endpointId } = await it.register(url)
  const rideId = await rideOut(it.rides)
  const finished = await it.rides.command(rideId, finish)
  const edited = await it.rides.command(rideId, edit({ title: 'Another title' }))
  await it.tell()
  const deleted = await it.rides.command(rideId, remove)
  await redact()
  await it.tell()
  await it.tell()
  expect(await told()).toEqual([
    ['ride.finished', rideId, finished],
    ['ride.edited', rideId, edited],
    ['ride.deleted', rideId, deleted],
  ])
  expect(new Set((await deliveriesOf(it)).map((each) => each.endpoint_id))).toEqual(new Set([endpointId]))
})

test('a deletion is told whichever is quicker, redaction or who tells, and in the end nothing is left of whose it was', async () => {
  await it.register(url)
  const rideId = randomUUID()
  await it.rides.command(rideId, begin)
  const deleted = await it.rides.command(rideId, remove)
  await it.tell()
  expect(await told()).toEqual([])
  expect(await redact()).toBe(1)
  await it.tell()
  expect(await told()).toEqual([['ride.deleted', rideId, deleted]])
  expect(await it.rides.log.database.query(sql`select from webhook_deleted_rides`)).toEqual([])
})

test('links that are given and taken back are no edits', async () => {
  await it.register(url)
  const rideId = randomUUID()
  await it.rides.command(rideId, begin)
  await it.rides.command(rideId, edit({ share: { id: randomUUID(), expiresAt: null } }))
  await it.rides.command(rideId, edit({ unshare: randomUUID() }))
  const shown = await it.rides.command(rideId, edit({ visibility: 'PUBLIC' }))
  const cleared = await it.rides.command(rideId, edit({ description: null }))
  await it.tell()
  expect(await told()).toEqual([
    ['ride.edited', rideId, shown],
    ['ride.edited', rideId, cleared],
  ])
})

test('an endpoint hears what it asked for, of its rider, since it is there and while it is enabled', async () => {
  const rideId = randomUUID()
  await it.rides.command(rideId, begin)
  await it.rides.command(rideId, edit({ title: 'Before' }))
  await it.register(url, ['ride.finished', 'ride.deleted'])
  const disabled = await it.register(url)
  await it.webhooks.change(riderId, disabled.endpointId, { isEnabled: false })
  const { database } = it.rides.log
  const another = randomUUID()
  await database.query(sql`insert into riders (rider_id, name) values (${another}, 'Another')`)
  await it.webhooks.create(another, { url, events: ['ride.edited', 'ride.deleted'] })
  const edits = await it.register(url, ['ride.edited'])
  const heard = await it.rides.command(rideId, edit({ title: 'Since' }))
  await it.tell()
  expect((await deliveriesOf(it)).map((each) => [each.endpoint_id, each.ride_version])).toEqual([
    [edits.endpointId, heard],
  ])
})

test('whoever tells at the same time, or again after a crash, doubles nothing', async () => {
  await it.register(url)
  await it.register(url)
  const rideId = randomUUID()
  await it.rides.command(rideId, begin)
  for (const title of ['1', '2', '3', '4', '5']) await it.rides.command(rideId, edit({ title }))
  const { database } = it.rides.log
  const options = { database, log: it.rides.log, onWaiting: () => undefined }
  const tellers = [1, 2, 3].map(() => openTeller(options, 0))
  await Promise.all(
    tellers.map(async (look) => {
      while (await look());
    }),
  )
  // Another one may have had the place while this one looked.
  await it.tell()
  const first = await deliveriesOf(it)
  expect(first).toHaveLength(10)
  // A place that was lost, as if the transaction before had not been.
  await database.query(sql`update webhook_position set position = 0`)
  while (await openTeller(options, 0)());
  expect(await deliveriesOf(it)).toEqual(first)
})

test('of a rider who is forgotten no address, secret or delivery is left', async () => {
  await it.register(url)
  const rideId = randomUUID()
  await it.rides.command(rideId, begin)
  await it.rides.command(rideId, edit({ title: 'Since' }))
  await it.tell()
  await it.rides.command(rideId, remove)
  await redact()
  const { database } = it.rides.log
  await forgetWebhooks(database, riderId)
  for (const table of ['webhook_endpoints', 'webhook_deliveries', 'webhook_deleted_rides']) {
    expect(await database.query(sql`select from ${sql.ident(table)}`), table).toEqual([])
  }
})

import { randomUUID } from 'node:crypto'
import { sql } from '@databases/pg'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { attemptDelivery } from '#webhooks/attempt.ts'
import { openVault } from '#webhooks/vault.ts'
import { riderId, start } from '../projections/open-rides.ts'
import { eventually } from '../support/eventually.ts'
import { deliveriesOf, type OpenedWebhooks, openWebhooksBesideRides } from './open-webhooks.ts'
import { openReceiver, type Received, status } from './receiver.ts'

const day = 24 * 3_600_000
let it: OpenedWebhooks
beforeAll(async () => {
  it = await openWebhooksBesideRides()
})
afterEach(() => it.clear())
afterAll(() => it?.[Symbol.asyncDispose]())

/** A ride that is edited so often, and told of. */
async function edited(times = 1): Promise<string> {
  const rideId = randomUUID()
  const started = { type: 'startRide', startedAt: start, title: 'Home', visibility: 'PRIVATE' } as const
  await it.rides.command(rideId, started)
  for (let n = 0; n < times; n++) {
    await it.rides.command(rideId, { type: 'editRide', changes: { title: `Home ${n}` } })
  }
  await it.tell()
  return rideId
}

async function states() {
  return (await deliveriesOf(it)).map(({ state, attempts }) => [state, attempts])
}

const eventuallyStates = (wanted: readonly (readonly [string, number])[]) =>
  eventually('the deliveries to be so', async () => {
    expect(await states()).toEqual(wanted)
    return true
  })

const verified = ({ body, headers }: Received, secret: string) => {
  const text = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value]] : [],
  )
  return new Webhook(secret).verify(body, Object.fromEntries(text))
}

test('what a receiver gets bears his signature, and says no more than which ride', async () => {
  await using receiver = await openReceiver()
  const { secret } = await it.register(receiver.url)
  const rideId = await edited()
  ;(await it.worker()).run()
  await receiver.count(1)
  const [received] = receiver.received
  expect(verified(received!, secret)).toEqual({
    type: 'ride.edited',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    data: { rideId, version: 2 },
  })
  expect(() => verified(received!, `whsec_${Buffer.alloc(24).toString('base64')}`)).toThrow()
  expect(received?.body).not.toContain('Home')
  await eventuallyStates([['DELIVERED', 1]])
})

test('what is refused is sent again with the same id, until it is taken', async () => {
  await using receiver = await openReceiver()
  const { endpointId, secret } = await it.register(receiver.url)
  receiver.answers.push(status(500), status(302, { location: receiver.url }))
  await edited()
  ;(await it.worker()).run()
  await receiver.count(3)
  await eventuallyStates([['DELIVERED', 3]])
  const [{ delivery_id: deliveryId } = { delivery_id: '' }] = await deliveriesOf(it)
  expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual(Array(3).fill(deliveryId))
  for (const each of receiver.received) expect(() => verified(each, secret)).not.toThrow()
  const page = await it.webhooks.deliveries(riderId, endpointId, { first: 1 })
  expect(page?.deliveries[0]).toMatchObject({ lastStatus: 204, lastFailure: null, nextAttemptAt: null })
  expect(it.faults).toEqual([])
})

test('what is never taken is given up, and redelivered when that is asked for', async () => {
  await using receiver = await openReceiver()
  const { endpointId } = await it.register(receiver.url)
  receiver.answers.push(...Array.from({ length: 4 }, () => status(503)))
  await edited()
  ;(await it.worker()).run()
  await eventuallyStates([['FAILED', 4]])
  const page = await it.webhooks.deliveries(riderId, endpointId, { first: 1 })
  expect(page?.deliveries[0]).toMatchObject({ lastStatus: 503, lastFailure: 'STATUS' })
  const again = await it.webhooks.redeliver(riderId, page?.deliveries[0]?.deliveryId ?? '')
  expect(again).toMatchObject({ outcome: 'waiting', delivery: { state: 'WAITING' } })
  await eventuallyStates([['DELIVERED', 5]])
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
})

test('the next attempt is made when it is due, not before', async () => {
  await using receiver = await openReceiver()
  const { endpointId } = await it.register(receiver.url)
  receiver.answers.push(status(500))
  await edited()
  const now = Date.now()
  ;(await it.worker({ retryIn: () => 3_600_000, now: () => now })).run()
  await eventuallyStates([['WAITING', 1]])
  const page = await it.webhooks.deliveries(riderId, endpointId, { first: 1 })
  expect(page?.deliveries[0]?.nextAttemptAt).toBe(now + 3_600_000)
  // Behind it in the queue, and not held up by it.
  await it.webhooks.ping(riderId, endpointId)
  await receiver.count(2)
  expect(receiver.received[1]?.body).toContain('"ping"')
})

test('while a secret is changed both sign', async () => {
  await using receiver = await openReceiver()
  const { endpointId, secret } = await it.register(receiver.url)
  const rotated = await it.webhooks.rotate(riderId, endpointId)
  await edited()
  ;(await it.worker()).run()
  await receiver.count(1)
  for (const each of [secret, rotated?.secret ?? ''])
    expect(() => verified(receiver.received[0]!, each)).not.toThrow()
  await it.rides.log.database.query(sql`update webhook_endpoints set previous_until = clock_timestamp()`)
  await edited()
  await receiver.count(2)
  expect(() => verified(receiver.received[1]!, secret)).toThrow()
  expect(() => verified(receiver.received[1]!, rotated?.secret ?? '')).not.toThrow()
})

test('an endpoint that fails for days is disabled, and what it missed can be had when it is enabled again', async () => {
  await using receiver = await openReceiver()
  const { endpointId } = await it.register(receiver.url)
  await edited(2)
  const { log } = it.rides
  let now = Date.now()
  const means = {
    ...{ database: log.database, vault: openVault(log, undefined), allowPrivate: true, now: () => now },
    ...{ retryIn: () => day, onFault: (error: unknown) => it.faults.push(error) },
  }
  const { signal } = new AbortController()
  const [{ delivery_id: deliveryId } = { delivery_id: '' }] = await deliveriesOf(it)
  for (let attempts = 0; attempts <= 5; attempts++, now += day) {
    receiver.answers.push(status(500))
    expect((await it.webhooks.of(riderId))[0]?.disabledAt).toBeNull()
    await attemptDelivery(means, { deliveryId, attempts }, signal)
  }
  expect(receiver.received).toHaveLength(6)
  expect(await it.webhooks.of(riderId)).toMatchObject([
    { disabledReason: 'FAILING', disabledAt: now - day, failingSince: now - 6 * day },
  ])
  // With it what was still waiting; and nothing comes to it.
  expect((await states()).map(([state]) => state)).toEqual(['FAILED', 'FAILED'])
  await edited()
  expect(await states()).toHaveLength(2)
  await it.webhooks.change(riderId, endpointId, { isEnabled: true })
  await it.webhooks.redeliver(riderId, deliveryId)
  ;(await it.worker()).run()
  await receiver.count(7)
  await eventually('it to count', async () => (await it.webhooks.of(riderId))[0]?.failingSince === null)
  expect(receiver.received[6]?.headers['webhook-id']).toBe(deliveryId)
})

test('an endpoint that says it is gone is disabled at once', async () => {
  await using receiver = await openReceiver()
  await it.register(receiver.url)
  receiver.answers.push(status(410))
  await edited()
  ;(await it.worker()).run()
  await eventually('it to be', async () => (await it.webhooks.of(riderId))[0]?.disabledReason === 'GONE')
  expect((await states()).map(([state]) => state)).toEqual(['FAILED'])
})

test('a ping is sent once, to a disabled endpoint too, and disables none', async () => {
  await using receiver = await openReceiver()
  const { endpointId } = await it.register(receiver.url)
  await it.webhooks.change(riderId, endpointId, { isEnabled: false })
  receiver.answers.push(status(500))
  await it.webhooks.ping(riderId, endpointId)
  ;(await it.worker({ retryIn: (_, type) => (type === 'ping' ? undefined : 0) })).run()
  await eventuallyStates([['FAILED', 1]])
  expect((await it.webhooks.of(riderId))[0]?.failingSince).toBeNull()
})

test('what was put into the queue by a worker that is gone is delivered by the next one', async () => {
  await using receiver = await openReceiver()
  await it.register(receiver.url)
  await edited()
  const killed = await it.worker()
  expect(await killed.queue.fill(10)).toBe(1)
  ;(await it.worker()).run()
  await eventuallyStates([['DELIVERED', 1]])
  expect(receiver.received).toHaveLength(1)
})

test('what a killed worker had taken comes back', async () => {
  await using receiver = await openReceiver()
  await it.register(receiver.url)
  await edited()
  const killed = await it.worker({ expireInSeconds: 1 })
  await killed.queue.fill(10)
  expect(await killed.queue.take(10)).toHaveLength(1)
  const next = await it.worker({ expireInSeconds: 1 })
  next.run()
  await eventually('it to be delivered', async () => {
    await next.queue.recover()
    return receiver.received.length > 0
  })
  await eventuallyStates([['DELIVERED', 1]])
})

test('what was sent when the worker stopped is given back, and sent again with the same id', async () => {
  await using receiver = await openReceiver()
  await it.register(receiver.url)
  const came = Promise.withResolvers<void>()
  receiver.answers.push(() => came.resolve())
  await edited()
  const first = await it.worker()
  first.run()
  await came.promise
  await first.stop()
  expect(await states()).toEqual([['WAITING', 0]])
  ;(await it.worker()).run()
  await eventuallyStates([['DELIVERED', 1]])
  expect(receiver.received).toHaveLength(2)
  expect(receiver.received[0]?.headers['webhook-id']).toBe(receiver.received[1]?.headers['webhook-id'])
})

test('two workers deliver each message once', async () => {
  await using receiver = await openReceiver()
  await it.register(receiver.url)
  await it.register(receiver.url)
  const workers = [await it.worker(), await it.worker()]
  for (const worker of workers) worker.run()
  await edited(20)
  await eventuallyStates(Array.from({ length: 40 }, () => ['DELIVERED', 1]))
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(40)
  expect(receiver.received).toHaveLength(40)
})

test('a receiver that is slow holds up no other, and is sent two messages at a time at most', async () => {
  await using slow = await openReceiver()
  await using quick = await openReceiver()
  const waiting: (() => void)[] = []
  slow.answers.push(
    ...Array.from({ length: 10 }, () => (_: unknown, response: { end(): unknown }) => {
      waiting.push(() => response.end())
    }),
  )
  await it.register(slow.url)
  await edited(10)
  const worker = await it.worker()
  worker.run()
  await slow.count(2)
  await it.register(quick.url)
  await edited(10)
  await quick.count(10)
  expect(slow.received).toHaveLength(2)
  for (let answered = 0; answered < 10; answered++) {
    await eventually('one to wait', () => waiting.length > 0)
    waiting.shift()?.()
  }
  await slow.count(20)
})

/** What was put into the queue was put into it an hour ago. */
const anHourPasses = () =>
  it.rides.log.database.query(sql`
    update webhook_deliveries set queued_at = queued_at - interval '1 hour', next_attempt_at = next_attempt_at - interval '1 hour'`)

test('a queue that was lost is filled again', async () => {
  await using receiver = await openReceiver()
  await it.register(receiver.url)
  await edited()
  const lost = await it.worker()
  await lost.queue.fill(10)
  await it.rides.log.database.query(sql`delete from pgboss.job`)
  await anHourPasses()
  lost.run()
  await eventuallyStates([['DELIVERED', 1]])
})

test('what has been in the queue for long is in it once', async () => {
  await using receiver = await openReceiver()
  await it.register(receiver.url)
  await edited()
  const worker = await it.worker()
  await anHourPasses()
  const { database } = it.rides.log
  const queued = async () =>
    (await database.query(sql`select from pgboss.job where state = 'created'`)).length
  await worker.queue.fill(10)
  const before = await queued()
  await database.query(sql`update webhook_deliveries set queued_at = queued_at - interval '1 hour'`)
  expect(await worker.queue.fill(10)).toBe(1)
  expect(await queued()).toBe(before)
  worker.run()
  await eventuallyStates([['DELIVERED', 1]])
})

test('a secret that cannot be read sends nothing, and is said', async () => {
  await using receiver = await openReceiver()
  const { endpointId } = await it.register(receiver.url)
  await edited()
  const vault = openVault({ hash: (content) => content }, undefined)
  ;(await it.worker({ vault, retryIn: () => undefined })).run()
  await eventuallyStates([['FAILED', 1]])
  const page = await it.webhooks.deliveries(riderId, endpointId, { first: 1 })
  expect(page?.deliveries[0]?.lastFailure).toBe('SECRET_UNREADABLE')
  expect(receiver.received).toEqual([])
  expect(String(it.faults[0])).toContain('AUTH_SECRET')
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type Product, startProduct } from '../support/product.ts'
import { openReceiver, type Receiver } from '../webhooks/receiver.ts'
import { type ApiClient, connect, position, startRide } from './client.ts'

let database: FreshDatabase
let product: Product
let client: ApiClient
let receiver: Receiver
beforeAll(async () => {
  database = await freshDatabase()
  receiver = await openReceiver()
  product = await startProduct({ env: { DATABASE_URL: database.url, WEBHOOKS_ALLOW_PRIVATE: 'on' } })
  client = connect(product.url)
})
afterAll(async () => {
  await client?.[Symbol.asyncDispose]()
  await product?.[Symbol.asyncDispose]()
  await receiver?.[Symbol.asyncDispose]()
  await database?.[Symbol.asyncDispose]()
})

type Member = Record<string, unknown> & { readonly webhook?: { readonly id: string } }

async function mutate(name: string, input: object, fields: string): Promise<Member> {
  const type = { createWebhook: 'Create', updateWebhook: 'Update', redeliverWebhook: 'Redeliver' }[name] ?? ''
  const { data, errors } = await client.ask(
    `mutation ($input: ${type}WebhookInput!) {
      ${name}(input: $input) {
        __typename ${fields} ... on Error { code message } ... on InvalidInputError { path }
      }
    }`,
    { input },
  )
  if (errors !== undefined) throw new Error(JSON.stringify(errors))
  return data?.[name] ?? {}
}

const create = (url: string, events = ['RIDE_FINISHED', 'RIDE_EDITED', 'RIDE_DELETED']) =>
  mutate('createWebhook', { url, events }, '... on CreateWebhookPayload { secret webhook { id url events } }')

describe('a rider', () => {
  test('has his rides told to an address, sees what was sent, and has it sent again', async () => {
    const created = await create(receiver.url)
    expect(created).toMatchObject({
      __typename: 'CreateWebhookPayload',
      secret: expect.stringMatching(/^whsec_/),
    })
    const webhookId = created.webhook?.id ?? ''
    const rideId = await startRide(client)
    await client.mutate('recordPositions', { rideId, positions: [position(0), position(60)] })
    await client.mutate('endRide', { rideId })
    await receiver.count(1)
    await client.mutate('editRide', { rideId, title: 'Home' })
    await receiver.count(2)
    await client.mutate('deleteRide', { rideId })
    await receiver.count(3)
    expect(receiver.received.map(({ body }) => JSON.parse(body))).toMatchObject([
      { type: 'ride.finished', data: { rideId, version: 4 } },
      { type: 'ride.edited', data: { rideId, version: 5 } },
      { type: 'ride.deleted', data: { rideId, version: 6 } },
    ])

    const log = `query ($id: ID!) { webhookDeliveries(webhookId: $id) {
      hasMore deliveries { id type rideId rideVersion state attempts lastStatus lastDuration lastFailure nextAttemptAt }
    } }`
    const deliveries = await eventually('all to be delivered', async () => {
      const { data } = await client.ask(log, { id: webhookId })
      const page = data?.['webhookDeliveries'] as unknown as { deliveries: { id: string; state: string }[] }
      return page.deliveries.every(({ state }) => state === 'DELIVERED') && page.deliveries
    })
    expect(deliveries).toMatchObject([
      { type: 'ride.deleted', rideId, attempts: 1, lastStatus: 204, lastFailure: null, nextAttemptAt: null },
      { type: 'ride.edited', rideId, rideVersion: 5 },
      { type: 'ride.finished', rideId, lastDuration: expect.any(Number) },
    ])

    const again = '... on RedeliverWebhookPayload { delivery { id state } }'
    const deliveryId = deliveries[0]?.id
    expect(await mutate('redeliverWebhook', { deliveryId }, again)).toMatchObject({
      delivery: { id: deliveryId, state: 'WAITING' },
    })
    await receiver.count(4)
    expect(receiver.received[3]?.headers['webhook-id']).toBe(deliveryId)

    await mutate('pingWebhook', { webhookId }, '... on PingWebhookPayload { delivery { type } }')
    await receiver.count(5)
    expect(JSON.parse(receiver.received[4]?.body ?? '')).toMatchObject({ type: 'ping', data: {} })
    // The path of an address may be a secret.
    expect(product.output()).not.toContain('of-the-rider')
  })

  test('changes, rotates and removes what he has', async () => {
    const webhookId = (await create(receiver.url)).webhook?.id
    const fields = '... on UpdateWebhookPayload { webhook { events disabledAt disabledReason } }'
    const updated = await mutate(
      'updateWebhook',
      { webhookId, events: ['RIDE_DELETED'], isEnabled: false },
      fields,
    )
    expect(updated).toMatchObject({ webhook: { events: ['RIDE_DELETED'], disabledReason: 'RIDER' } })
    expect(await mutate('updateWebhook', { webhookId, isEnabled: true }, fields)).toMatchObject({
      webhook: { disabledAt: null, disabledReason: null },
    })
    const rotated = await mutate(
      'rotateWebhookSecret',
      { webhookId },
      '... on RotateWebhookSecretPayload { secret }',
    )
    expect(rotated['secret']).toMatch(/^whsec_/)
    await mutate('deleteWebhook', { webhookId }, '... on DeleteWebhookPayload { webhookId }')
    const { data } = await client.ask('{ webhooks { id } }')
    expect(JSON.stringify(data)).not.toContain(webhookId)
    expect(await mutate('pingWebhook', { webhookId }, '')).toMatchObject({
      code: 'INVALID_INPUT',
      path: ['webhookId'],
    })
  })

  test.each([
    ['nonsense', ['RIDE_FINISHED'], ['url']],
    ['https://me:pw@example.com/', ['RIDE_FINISHED'], ['url']],
    ['https://example.com:22/', ['RIDE_FINISHED'], ['url']],
    ['https://example.com/', [], ['events']],
  ])('is told what is wrong with %s, %s', async (url, events, path) => {
    expect(await create(url, events)).toMatchObject({ code: 'INVALID_INPUT', path })
  })

  test('is told of an id that is none, or nobody’s', async () => {
    for (const id of ['nonsense', '00000000-0000-4000-8000-000000000000']) {
      expect(await mutate('deleteWebhook', { webhookId: id }, '')).toMatchObject({ code: 'INVALID_INPUT' })
      expect(await mutate('redeliverWebhook', { deliveryId: id }, '')).toMatchObject({
        code: 'INVALID_INPUT',
      })
      const { errors } = await client.ask(`{ webhookDeliveries(webhookId: "${id}") { hasMore } }`)
      expect(errors?.[0]?.extensions?.code).toBe('INVALID_INPUT')
    }
  })
})

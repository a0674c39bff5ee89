/** Who may ask for what: of everybody else nothing gets as far as the room of webhooks. */
import { randomUUID } from 'node:crypto'
import { graphql } from 'graphql'
import { expect, test } from 'vitest'
import { schema } from '#api/schema.ts'
import { anonymous, type Scope, type Viewer } from '#rights/viewer.ts'

const asked: string[] = []
const webhooks = new Proxy(
  {},
  {
    get: (_, name) => async () => {
      asked.push(String(name))
      return name === 'of' ? [] : name === 'remove'
    },
  },
)

const holding = (...scopes: Scope[]): Viewer => ({
  ...anonymous('192.0.2.1'),
  ...{ riderId: randomUUID(), scopes: new Set(scopes) },
})

const id = randomUUID()
const error = '... on Error { code }'
const mutations = [
  `createWebhook(input: { url: "https://example.com/", events: [RIDE_EDITED] }) { ${error} }`,
  `updateWebhook(input: { webhookId: "${id}", isEnabled: true }) { ${error} }`,
  `deleteWebhook(input: { webhookId: "${id}" }) { ${error} }`,
  `rotateWebhookSecret(input: { webhookId: "${id}" }) { ${error} }`,
  `pingWebhook(input: { webhookId: "${id}" }) { ${error} }`,
  `redeliverWebhook(input: { deliveryId: "${id}" }) { ${error} }`,
]
const queries = ['webhooks { id }', `webhookDeliveries(webhookId: "${id}") { hasMore }`]

async function codeOf(source: string, viewer: Viewer): Promise<unknown> {
  const { data, errors } = await graphql({ schema, source, contextValue: { viewer, webhooks } })
  const [answer] = Object.values(data ?? {})
  const refused = typeof answer === 'object' && answer !== null && 'code' in answer ? answer.code : undefined
  return errors?.[0]?.extensions['code'] ?? refused
}

test.each(mutations)('only who may write may %s', async (mutation) => {
  asked.length = 0
  expect(await codeOf(`mutation { ${mutation} }`, anonymous('192.0.2.1'))).toBe('UNAUTHENTICATED')
  expect(await codeOf(`mutation { ${mutation} }`, holding('rides:read', 'admin'))).toBe('FORBIDDEN')
  expect(asked).toEqual([])
})

test.each(queries)('only who may read may ask for %s', async (query) => {
  asked.length = 0
  expect(await codeOf(`{ ${query} }`, anonymous('192.0.2.1'))).toBe('UNAUTHENTICATED')
  expect(await codeOf(`{ ${query} }`, holding('rides:write', 'admin'))).toBe('FORBIDDEN')
  expect(asked).toEqual([])
})

test('who may is let through', async () => {
  asked.length = 0
  expect(await codeOf('{ webhooks { id } }', holding('rides:read'))).toBeUndefined()
  await codeOf(
    `mutation { deleteWebhook(input: { webhookId: "${id}" }) { ${error} } }`,
    holding('rides:write'),
  )
  expect(asked).toEqual(['of', 'remove'])
})

/** API keys, at the running product: what they open, and that they stop opening it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../api/client.ts'
import { eventually } from '../support/eventually.ts'
import { type Product, startProduct, withSignIn } from '../support/product.ts'
import { asRider, revokeDirectly } from '../support/riders.ts'

let product: Product
beforeAll(async () => {
  product = await startProduct({ env: withSignIn })
})
afterAll(() => product?.[Symbol.asyncDispose]())

const whoAmI = '{ viewer { id name } }'

function ask(authorization: string | undefined, query = whoAmI, url = product.url): Promise<Response> {
  const credentials = authorization === undefined ? {} : { authorization }
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...credentials },
    body: JSON.stringify({ query }),
  })
}

test('a key is its rider', async () => {
  const ana = await asRider(product, 'Ana')
  const response = await ask(ana.authorization)
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({ data: { viewer: { id: ana.riderId, name: 'Ana' } } })
})

test('without a key one is nobody, and nobody writes', async () => {
  expect(await (await ask(undefined)).json()).toMatchObject({ data: { viewer: null } })
  await using client = connect(product.url)
  expect(await client.mutate('startRide', {})).toMatchObject({ code: 'UNAUTHENTICATED' })
})

test('a key without the scope does not write', async () => {
  const reader = await asRider(product, 'Reader', ['rides:read'])
  await using client = connect(product.url, { authorization: reader.authorization })
  expect(await client.mutate('startRide', {})).toMatchObject({ code: 'FORBIDDEN' })
})

test.each([
  ['no key of ours', `Bearer slip_${'x'.repeat(43)}`],
  ['a key cut short', `Bearer slip_${'x'.repeat(42)}`],
  ['another scheme', 'Basic YTpi'],
  ['nothing behind the scheme', 'Bearer '],
  ['a token of an issuer that nobody configured', 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.'],
])('%s is refused, and not passed over', async (_, authorization) => {
  const response = await ask(authorization)
  expect(response.status).toBe(401)
  expect(response.headers.get('www-authenticate')).toBe('Bearer')
  expect(await response.json()).toEqual({
    errors: [{ message: expect.stringMatching(/\.$/), extensions: { code: 'UNAUTHENTICATED' } }],
  })
  await using client = connect(product.url, { authorization, retries: 0 })
  await expect(client.subscribe('subscription { liveRides { snapshot } }').next()).rejects.toMatchObject({
    code: 4403,
  })
})

test('a key that has expired is no good, from the moment on', async () => {
  const past = await asRider(product, 'Past', ['rides:read'], { expiresAt: new Date(Date.now() - 1_000) })
  expect((await ask(past.authorization)).status).toBe(401)
  const soon = await asRider(product, 'Soon', ['rides:read'], { expiresAt: new Date(Date.now() + 1_500) })
  expect((await ask(soon.authorization)).status).toBe(200)
  await eventually('the key to have expired', async () => (await ask(soon.authorization)).status === 401)
})

test('a key that is revoked in one process is no good in any, at the latest after ten seconds', async () => {
  const env = { ...withSignIn, DATABASE_URL: await product.databaseUrl() }
  await using other = await startProduct({ role: 'api', env })
  const ana = await asRider(product, 'Ana is revoked')
  for (const { url } of [product, other]) expect((await ask(ana.authorization, whoAmI, url)).status).toBe(200)
  const revokedAt = performance.now()
  await revokeDirectly(product, ana.keyId)
  for (const { url } of [product, other]) {
    await eventually(
      'the key to be refused',
      async () => (await ask(ana.authorization, whoAmI, url)).status === 401,
    )
  }
  expect(performance.now() - revokedAt).toBeLessThan(10_000)
})

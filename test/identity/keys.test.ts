/** API keys, at the running product: what they open, and that they stop opening it. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Answer, connect } from '../api/client.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type Product, startProduct, withSignIn } from '../support/product.ts'
import { asRider, revokeDirectly } from '../support/riders.ts'
import { statement } from '../support/statement.ts'

let database: FreshDatabase
let product: Product
beforeAll(async () => {
  database = await freshDatabase()
  product = await startProduct({ env: { ...withSignIn, DATABASE_URL: database.url } })
})
afterAll(async () => {
  await product?.[Symbol.asyncDispose]()
  await database?.[Symbol.asyncDispose]()
})

const whoAmI = '{ viewer { id name } }'

/** What a field of an answer is. */
function field<Value>({ data }: Answer, name: string): Value {
  return data?.[name] as Value
}

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

const create = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  __typename
  ... on CreateApiKeyPayload { secret apiKey { id name prefix scopes createdAt expiresAt lastUsedAt } }
  ... on Error { code message }
  ... on InvalidInputError { path }
} }`
const revoke = `mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) {
  __typename
  ... on RevokeApiKeyPayload { id }
  ... on Error { code message }
} }`
const list = '{ apiKeys { id name prefix scopes expiresAt lastUsedAt } }'

test('a rider makes keys, sees which there are, and revokes them with what was made with them', async () => {
  const { authorization } = await asRider(product, 'Keeper of keys')
  await using client = connect(product.url, { authorization })
  const made = await client.ask(create, {
    input: { name: ' Logger ', scopes: ['RIDES_WRITE', 'RIDES_READ', 'RIDES_READ'] },
  })
  const { secret, apiKey } = field<{ secret: string; apiKey: { id: string } }>(made, 'createApiKey')
  expect(secret).toMatch(/^slip_[\w-]{43}$/)
  expect(apiKey).toMatchObject({
    name: 'Logger',
    prefix: secret.slice(0, 9),
    scopes: ['RIDES_WRITE', 'RIDES_READ'],
    expiresAt: null,
    lastUsedAt: null,
  })

  await using program = connect(product.url, { authorization: `Bearer ${secret}` })
  const child = await program.ask(create, { input: { name: 'Child', scopes: ['RIDES_READ'] } })
  const { secret: childSecret } = field<{ secret: string }>(child, 'createApiKey')
  expect((await ask(`Bearer ${childSecret}`)).status).toBe(200)
  expect((await client.ask(list)).data?.['apiKeys']).toMatchObject([
    { name: 'Child' },
    { name: 'Logger' },
    { name: 'a test' },
  ])

  const { id } = apiKey
  for (const again of [1, 2]) {
    expect((await client.ask(revoke, { input: { id } })).data?.['revokeApiKey'], `${again}`).toMatchObject({
      id,
    })
  }
  for (const gone of [secret, childSecret]) expect((await ask(`Bearer ${gone}`)).status).toBe(401)
  expect((await client.ask(list)).data?.['apiKeys']).toMatchObject([{ name: 'a test' }])
})

test('no key makes one that may more than itself, or for longer', async () => {
  const expiresAt = new Date(Date.now() + 3_600_000)
  const { authorization } = await asRider(product, 'Bounded', ['rides:read', 'rides:write'], { expiresAt })
  await using client = connect(product.url, { authorization })
  const admin = await client.ask(create, { input: { name: 'More', scopes: ['ADMIN'] } })
  expect(admin.data?.['createApiKey']).toMatchObject({ code: 'FORBIDDEN' })
  for (const asked of [null, '2999-01-01T00:00:00Z']) {
    const answer = await client.ask(create, {
      input: { name: 'Longer', scopes: ['RIDES_READ'], expiresAt: asked },
    })
    const { apiKey } = field<{ apiKey: { expiresAt: string } }>(answer, 'createApiKey')
    expect(Date.parse(apiKey.expiresAt)).toBe(expiresAt.getTime())
  }
  const reader = await asRider(product, 'Bounded', ['rides:read'])
  await using reading = connect(product.url, { authorization: reader.authorization })
  const none = await reading.ask(create, { input: { name: 'Any', scopes: ['RIDES_READ'] } })
  expect(none.data?.['createApiKey']).toMatchObject({ code: 'FORBIDDEN' })
})

test.each([
  ['no name', { name: ' ', scopes: ['RIDES_READ'] }, ['name']],
  ['no scope', { name: 'a', scopes: [] }, ['scopes']],
  [
    'a time that is over',
    { name: 'a', scopes: ['RIDES_READ'], expiresAt: '2020-01-01T00:00:00Z' },
    ['expiresAt'],
  ],
])('a key of %s is not made, and it is said why', async (_, input, path) => {
  const { authorization } = await asRider(product, 'Mistaken')
  await using client = connect(product.url, { authorization })
  expect((await client.ask(create, { input })).data?.['createApiKey']).toMatchObject({
    code: 'INVALID_INPUT',
    path,
  })
})

test('keys are their rider’s alone', async () => {
  const ana = await asRider(product, 'Ana of the keys')
  const bob = await asRider(product, 'Bob of the keys')
  await using client = connect(product.url, { authorization: bob.authorization })
  expect((await client.ask(revoke, { input: { id: ana.keyId } })).data?.['revokeApiKey']).toMatchObject({
    code: 'INVALID_INPUT',
  })
  expect((await ask(ana.authorization)).status).toBe(200)
  const { data } = await client.ask(list)
  expect(data?.['apiKeys']).toMatchObject([{ id: bob.keyId }])
  await using nobody = connect(product.url)
  expect((await nobody.ask(list)).errors?.[0]).toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } })
  expect(
    (await nobody.ask(create, { input: { name: 'a', scopes: ['RIDES_READ'] } })).data?.['createApiKey'],
  ).toMatchObject({
    code: 'UNAUTHENTICATED',
  })
})

test('when a key was last used is written soon', async () => {
  const { authorization } = await asRider(product, 'Ana uses a key')
  await using client = connect(product.url, { authorization })
  const lastUse = await eventually('it to be written', async () => {
    return field<{ lastUsedAt: string | null }[]>(await client.ask(list), 'apiKeys')[0]?.lastUsedAt
  })
  expect(Math.abs(Date.now() - Date.parse(lastUse))).toBeLessThan(60_000)
})

test('on the machine itself a key is made by a command, which prints it alone', async () => {
  const { code, stdout, stderr } = await token([
    '--rider',
    'Machine',
    '--scope',
    'rides:read',
    '--expires',
    '90d',
  ])
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('a new rider') })
  expect(stdout).toMatch(/^slip_[\w-]{43}\n$/)
  const authorization = `Bearer ${stdout.trim()}`
  await using client = connect(product.url, { authorization })
  expect((await client.ask(whoAmI)).data).toMatchObject({ viewer: { name: 'Machine' } })
  const [key] = field<{ expiresAt: string }[]>(await client.ask(list), 'apiKeys')
  expect(Math.round((Date.parse(key?.expiresAt ?? '') - Date.now()) / 86_400_000)).toBe(90)

  const second = await token(['--rider', 'nobody@example.org'])
  expect(second).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('There is no rider') })
})

async function token(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { PATH: process.env['PATH'], DATABASE_URL: await product.databaseUrl() }
  return promisify(execFile)(process.execPath, ['src/cli/token.ts', ...args], { env }).then(
    (output) => ({ code: 0, ...output }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  )
}

test('no secret was printed by the product', () => {
  expect(product.output()).not.toMatch(/slip_[\w-]{10}/)
  expect(product.output()).not.toContain(withSignIn.AUTH_SECRET)
})

test('a rider who is forgotten takes his keys with him', async () => {
  const { riderId, authorization } = await asRider(product, 'To be forgotten')
  expect((await ask(authorization)).status).toBe(200)
  await statement(await product.databaseUrl(), `delete from riders where rider_id = '${riderId}'`)
  await eventually('the key to be refused', async () => (await ask(authorization)).status === 401)
})

test('a connection does not outlive the key that it was opened with', async () => {
  const { keyId, authorization } = await asRider(product, 'Ana stays connected')
  await using client = connect(product.url, { authorization, retries: 0 })
  const live = client.subscribe('subscription { liveRides { snapshot } }')
  expect((await live.next()).value).toMatchObject({ data: { liveRides: { snapshot: true } } })
  const overTheSame = async () => (await client.subscribe(whoAmI).next()).value as Answer
  expect(await overTheSame()).toMatchObject({ data: { viewer: { name: 'Ana stays connected' } } })
  await revokeDirectly(product, keyId)
  const refused = await eventually('an operation over it to be refused', async () =>
    overTheSame().then(
      () => undefined,
      (errors: unknown) => errors,
    ),
  )
  expect(refused).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
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

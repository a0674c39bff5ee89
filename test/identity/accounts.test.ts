/** Accounts and sessions of people, at the running product. */
import { once } from 'node:events'
import { betterAuth } from 'better-auth'
import { createClient } from 'graphql-ws'
import pg from 'pg'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { columns } from '#identity/columns.ts'
import { eventually } from '../support/eventually.ts'
import { startProduct, withSignIn } from '../support/product.ts'
import { password, serveSignIn, signUp, somebody } from './sign-in-product.ts'
import { openVisitor } from './visitor.ts'

const whoAmI = '{ viewer { id name } }'

const served = serveSignIn((issuer) => ({
  ADMINS: 'boss@example.org, Chief@example.org',
  JWT_ISSUER: issuer.url,
  JWT_AUDIENCE: 'rides',
  JWT_JWKS_URL: issuer.jwksUrl,
}))

const signedUp = (email: string, name = 'Ana', from = somebody()) => signUp(served.product, email, name, from)

const isAdministrator = async (visitor: ReturnType<typeof openVisitor>) =>
  (await visitor.query('{ projections { name } }'))['errors'] === undefined

test('the first account may be an administrator’s; after it nobody gets such an address by a password', async () => {
  const first = await signedUp('boss@example.org', 'Boss')
  expect(first.statuses).toEqual([200, 200])
  expect(await isAdministrator(first.visitor)).toBe(true)
  const second = await signedUp('CHIEF@example.org')
  expect(second.statuses).toEqual([403, 401])
})

test.each([
  ['whoever comes first has an account, of ten who come at once', {}, (one: number) => `${one}@example.org`],
  [
    'one may have an administrator’s address, of ten who come at once',
    { SIGN_UP: 'open', ADMINS: Array.from({ length: 10 }, (_, one) => `${one}@example.org`).join() },
    (one: number) => `${one}@example.org`,
  ],
])('%s', async (_, env, emailOf) => {
  await using first = await startProduct({ env: { ...withSignIn, ...env, TRUSTED_PROXIES: '127.0.0.1' } })
  const answers = await Promise.all(
    Array.from({ length: 10 }, async (_, one) => {
      const body = { email: emailOf(one), password, name: 'Ana' }
      const answer = await openVisitor(first.url).post('/api/auth/sign-up/email', body, somebody())
      return [answer.status, ((await answer.json()) as { code?: string }).code]
    }),
  )
  expect(answers.sort()).toEqual([[200, undefined], ...Array(9).fill([403, 'SIGN_UP_CLOSED'])])
  const client = new pg.Client(await first.databaseUrl())
  await client.connect()
  const { rows } = await client.query(
    `select (select count(*)::int from accounts) as accounts,
            (select count(*)::int from riders where name = 'Ana') as riders`,
  )
  await client.end()
  expect(rows).toEqual([{ accounts: 1, riders: 1 }])
  expect(first.output()).not.toContain('fault')
  // Refused is refused: nothing of it is said, least of all by the library, which writes in colours of its own.
  expect(first.output()).not.toContain('Better Auth')
})

test('an account is a rider: the same id, the same name, and none without the other', async () => {
  const { visitor, statuses } = await signedUp('ana@example.org')
  expect(statuses).toEqual([200, 200])
  const answer = await visitor.query(whoAmI)
  const { rows } = await served.database.query(
    'select r.rider_id as id, r.name from riders r join accounts a on a.id = r.rider_id where a.email = $1',
    ['ana@example.org'],
  )
  expect(answer).toMatchObject({ data: { viewer: rows[0] } })
  expect(await isAdministrator(visitor)).toBe(false)

  expect((await visitor.post('/api/auth/update-user', { name: 'Ana B.' })).status).toBe(200)
  expect(await visitor.query(whoAmI)).toMatchObject({ data: { viewer: { name: 'Ana B.' } } })
  expect((await visitor.post('/api/auth/update-user', { name: ' ' })).status).toBe(400)
  const orphans = await served.database.query(
    'select from accounts a where not exists (select from riders where rider_id = a.id)',
  )
  expect(orphans.rowCount).toBe(0)
})

test('the cookie is for this server alone, and not for scripts', async () => {
  const { visitor } = await signedUp('cookie@example.org')
  const [cookie] = visitor.setCookies.filter((one) => one.startsWith('slipstream.session_token='))
  expect(cookie).toMatch(/; HttpOnly/i)
  expect(cookie).toMatch(/; SameSite=Lax/i)
  expect(cookie).toMatch(/; Path=\//i)
  expect(cookie).not.toMatch(/; Domain/i)
})

test('a session ends when its rider signs out, in this process at once', async () => {
  const { visitor } = await signedUp('leaving@example.org')
  const kept = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  expect(await visitor.query(whoAmI)).toMatchObject({ data: { viewer: { name: 'Ana' } } })
  expect((await visitor.post('/api/auth/sign-out', {})).status).toBe(200)
  const thief = openVisitor(served.product.url)
  await eventually('the cookie to be good for nothing', async () => {
    const { data } = (await thief.query(whoAmI, { cookie: kept })) as { data: { viewer: unknown } }
    return data.viewer === null
  })
})

test('another password ends the sessions that the old one began, but for the one it was changed in', async () => {
  const { visitor, from } = await signedUp('changing@example.org')
  const other = openVisitor(served.product.url)
  await other.post('/api/auth/sign-in/email', { email: 'changing@example.org', password }, from)
  expect(await other.query(whoAmI)).toMatchObject({ data: { viewer: { name: 'Ana' } } })
  const change = { currentPassword: password, newPassword: `another ${password}`, revokeOtherSessions: true }
  const wrong = await visitor.post(
    '/api/auth/change-password',
    { ...change, currentPassword: 'not it, no' },
    from,
  )
  expect(wrong.status).toBe(400)
  expect((await visitor.post('/api/auth/change-password', change, from)).status).toBe(200)
  await eventually('the other session to be over', async () => {
    const { data } = (await other.query(whoAmI)) as { data: { viewer: unknown } }
    return data.viewer === null
  })
  expect(await visitor.query(whoAmI)).toMatchObject({ data: { viewer: { name: 'Ana' } } })
})

test('a cookie that a page of another site brings is nobody’s', async () => {
  const { visitor } = await signedUp('lured@example.org')
  const posted = (await visitor.query(whoAmI, { origin: 'https://elsewhere.example' })) as {
    data?: { viewer: unknown }
  }
  expect(posted.data?.viewer ?? null).toBe(null)
  // A link of another page, which comes without an origin.
  const link = `/graphql?query=${encodeURIComponent(whoAmI)}`
  for (const [site, name] of [
    ['cross-site', undefined],
    ['same-site', undefined],
    ['none', 'Ana'],
  ] as const) {
    const response = await visitor.get(link, { accept: 'application/json', 'sec-fetch-site': site })
    const { data } = (await response.json()) as { data: { viewer: { name: string } | null } }
    expect(data.viewer?.name).toBe(name)
  }
  const signIn = { email: 'lured@example.org', password }
  const refused = await visitor.post('/api/auth/sign-in/email', signIn, {
    origin: 'https://elsewhere.example',
  })
  expect(refused.status).toBe(403)
})

test('a socket that a page of ours opens is its rider’s, one of another page is not opened', async () => {
  const { visitor } = await signedUp('socket@example.org')
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  class OfOurPage extends WebSocket {
    constructor(address: string, protocols: string[]) {
      super(address, protocols, { headers: { cookie }, origin: served.product.url })
    }
  }
  const url = `${served.product.url.replace('http', 'ws')}/graphql`
  const client = createClient({ url, webSocketImpl: OfOurPage })
  const answer = await client.iterate({ query: whoAmI }).next()
  expect(answer.value).toMatchObject({ data: { viewer: { name: 'Ana' } } })
  await client.dispose()
  const elsewhere = new WebSocket(url, 'graphql-transport-ws', {
    headers: { cookie },
    origin: 'https://elsewhere.example',
  })
  const [error] = await once(elsewhere, 'error')
  expect(String(error)).toContain('403')
})

test('a cookie with another signature is nobody’s', async () => {
  const { visitor } = await signedUp('forged@example.org')
  const [[name, value] = ['', '']] = [...visitor.cookies].filter(([name]) => name.endsWith('session_token'))
  const [token = '', signature = ''] = decodeURIComponent(value).split('.')
  const forged = `${token}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
  const other = openVisitor(served.product.url)
  expect(await other.query(whoAmI, { cookie: `${name}=${encodeURIComponent(forged)}` })).toMatchObject({
    data: { viewer: null },
  })
  expect(await other.query(whoAmI, { cookie: `${name}=${value}` })).toMatchObject({
    data: { viewer: { name: 'Ana' } },
  })
})

test('guessing a password is slow: by account, from wherever', async () => {
  const { visitor } = await signedUp('guessed@example.org')
  const guess = () =>
    openVisitor(served.product.url).post(
      '/api/auth/sign-in/email',
      { email: 'Guessed@example.org', password: 'x'.repeat(12) },
      somebody(),
    )
  const statuses = await Promise.all(Array.from({ length: 14 }, async () => (await guess()).status))
  expect(statuses.filter((status) => status === 401)).toHaveLength(10)
  const last = await guess()
  expect(last.status).toBe(429)
  expect(await last.json()).toEqual({
    ...{ code: 'RATE_LIMITED', message: expect.stringMatching(/again after \d+ seconds/) },
    retryAfter: expect.any(Number),
  })
  expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0)
  // Who is in stays in.
  expect(await visitor.query(whoAmI)).toMatchObject({ data: { viewer: { name: 'Ana' } } })
})

test('guessing is slow: by address, whatever the account', async () => {
  const from = somebody()
  const statuses: number[] = []
  for (let guess = 0; guess < 12; guess++) {
    const signIn = { email: `nobody${guess}@example.org`, password }
    statuses.push(
      (await openVisitor(served.product.url).post('/api/auth/sign-in/email', signIn, from)).status,
    )
  }
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429])
  // What a client says of itself, before its proxy's word, makes it no other client.
  const claimed = { 'x-forwarded-for': `203.0.113.9, ${from['x-forwarded-for']}` }
  const again = { email: 'nobody@example.org', password }
  expect((await openVisitor(served.product.url).post('/api/auth/sign-in/email', again, claimed)).status).toBe(
    429,
  )
})

test('neither an answer nor its time tells whether somebody has an account', async () => {
  await signedUp('timed@example.org')
  const times: Record<'wrong' | 'unknown', number[]> = { wrong: [], unknown: [] }
  const answers = new Set<string>()
  for (let round = 0; round < 5; round++) {
    for (const [kind, email] of [
      ['wrong', 'timed@example.org'],
      ['unknown', `unknown${round}@example.org`],
    ] as const) {
      const began = performance.now()
      const response = await openVisitor(served.product.url).post(
        '/api/auth/sign-in/email',
        { email, password: 'not it, surely' },
        somebody(),
      )
      times[kind].push(performance.now() - began)
      answers.add(`${response.status} ${await response.text()}`)
    }
  }
  expect(answers.size).toBe(1)
  // What a busy machine adds is never below nothing: the shortest is nearest to what it takes.
  const ratio = Math.min(...times.wrong) / Math.min(...times.unknown)
  expect(ratio).toBeGreaterThan(0.5)
  expect(ratio).toBeLessThan(2)

  const signUp = (email: string) =>
    openVisitor(served.product.url).post(
      '/api/auth/sign-up/email',
      { email, password, name: 'Ana' },
      somebody(),
    )
  const shapes = await Promise.all(
    ['timed@example.org', 'not-yet@example.org'].map(async (email) => {
      const response = await signUp(email)
      return [response.status, Object.keys((await response.json()) as object)]
    }),
  )
  expect(shapes[0]).toEqual(shapes[1])
})

test('a provider’s people sign in through it, with a verified address as administrators', async () => {
  async function through(person: Record<string, unknown>) {
    served.issuer.person = person
    const visitor = openVisitor(served.product.url)
    const begun = await visitor.post(
      '/api/auth/sign-in/social',
      { provider: 'oidc', callbackURL: '/' },
      somebody(),
    )
    const { url } = (await begun.json()) as { url: string }
    const sent = await fetch(url, { redirect: 'manual' })
    const back = await visitor.get(sent.headers.get('location') ?? '', {
      'sec-fetch-site': 'cross-site',
      ...somebody(),
    })
    return { visitor, location: back.headers.get('location') }
  }
  const eva = { sub: 'eva', email: 'eva@example.org', email_verified: true, name: 'Eva' }
  const first = await through(eva)
  expect(first.location).toBe('/')
  const answer = await first.visitor.query(whoAmI)
  expect(answer).toMatchObject({ data: { viewer: { name: 'Eva' } } })
  expect(await isAdministrator(first.visitor)).toBe(false)
  expect((await (await through(eva)).visitor.query(whoAmI))['data']).toEqual(answer['data'])

  const chief = { sub: 'chief', email: 'chief@example.org', name: 'Chief' }
  const claims = await through({
    ...chief,
    sub: 'somebody else',
    email_verified: false,
    email: 'boss2@example.org',
  })
  expect(await isAdministrator(claims.visitor)).toBe(false)
  expect(await isAdministrator((await through({ ...chief, email_verified: true })).visitor)).toBe(true)

  // An account that has a password is not handed to whoever brings its address.
  const taken = await through({
    sub: 'a stranger',
    email: 'ana@example.org',
    email_verified: true,
    name: 'Stranger',
  })
  expect(taken.location).toContain('/sign-in?error=')
  expect(await taken.visitor.query(whoAmI)).toMatchObject({ data: { viewer: null } })
})

test('a token of the configured issuer is a rider, the same one each time, with the scopes that it names', async () => {
  const visitor = openVisitor(served.product.url)
  const bearer = async (claims: Record<string, unknown>) => ({
    authorization: `Bearer ${await served.issuer.sign({ aud: 'rides', sub: 'rider 7', name: 'Seven', ...claims })}`,
  })
  const start = 'mutation { startRide(input: {}) { __typename } }'
  const reader = await bearer({ scope: 'rides:read openid' })
  const first = await visitor.query(whoAmI, reader)
  expect(first).toMatchObject({ data: { viewer: { name: 'Seven' } } })
  expect(await visitor.query(start, reader)).toMatchObject({
    data: { startRide: { __typename: 'ForbiddenError' } },
  })
  const writer = await bearer({ scope: 'rides:read rides:write', name: 'Another name' })
  expect((await visitor.query(whoAmI, writer))['data']).toEqual(first['data'])
  expect(await visitor.query(start, writer)).toMatchObject({
    data: { startRide: { __typename: 'StartRidePayload' } },
  })
  const wrong = await visitor.post('/graphql', { query: whoAmI }, await bearer({ aud: 'somebody else' }))
  expect(wrong.status).toBe(401)
  expect(served.product.output()).not.toContain('rider 7')
})

test('only the few paths that the page needs are there', async () => {
  const visitor = openVisitor(served.product.url)
  for (const path of [
    'list-sessions',
    'delete-user/callback',
    'change-email',
    'request-password-reset',
    'link-social',
    'ok',
  ]) {
    expect((await visitor.get(`/api/auth/${path}`)).status).toBe(404)
  }
  expect((await visitor.get('/api/auth/sign-in/email')).status).toBe(405)
})

test('the page learns how people sign in', async () => {
  const config = await (await fetch(`${served.product.url}/config.json`)).json()
  expect(config).toMatchObject({ signIn: { signUp: true, provider: true } })
})

test('nothing of what people sent, or of their secrets, was printed', () => {
  for (const secret of [
    'example.org',
    password,
    withSignIn.AUTH_SECRET,
    served.issuer.clientSecret,
    '192.0.2.',
    'slipstream.session',
  ]) {
    expect(served.product.output()).not.toContain(secret)
  }
})

test('the library finds its tables and columns as it expects them', async () => {
  const pool = new pg.Pool({ connectionString: await served.product.databaseUrl(), max: 1 })
  const complaints: string[] = []
  const auth = betterAuth({
    ...columns,
    secret: withSignIn.AUTH_SECRET,
    baseURL: served.product.url,
    database: pool,
    advanced: { database: { generateId: 'uuid', validateSchema: true } },
    emailAndPassword: { enabled: true },
    logger: { level: 'warn', log: (_level, message) => void complaints.push(message) },
  })
  await auth.api.getSession({ headers: new Headers() })
  expect(complaints).toEqual([])
  await pool.end()
})

/** Riders who leave: their accounts are deleted by themselves, and all that there is of them, whatever ends in between. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import pg from 'pg'
import { expect, test, vi } from 'vitest'
import { type ApiClient, at, connect, position, startRide } from '../api/client.ts'
import { eventually } from '../support/eventually.ts'
import { type Product, startProduct, withSignIn } from '../support/product.ts'
import { asRider } from '../support/riders.ts'
import { password, serveSignIn, signUp, somebody } from './sign-in-product.ts'
import { openVisitor, type Visitor } from './visitor.ts'

/** A rider who has left is forgotten wholly after twelve seconds and more, and some tests start a server beside that. */
vi.setConfig({ testTimeout: 120_000 })
/** Its worker looks for the last ride when no other process can take a key of his any more. */
const settled = { withinMs: 40_000, everyMs: 200 }

const served = serveSignIn()

const now = () => new Date().toISOString()

async function signedUp(at: Product, email: string, name: string) {
  const { visitor, statuses, from } = await signUp(at, email, name)
  expect(statuses[1]).toBe(200)
  const { data } = (await visitor.query('{ viewer { id } }')) as { data: { viewer: { id: string } } }
  return { visitor, from, riderId: data.viewer.id }
}

const leave = (visitor: Visitor, body: unknown, from = somebody()) =>
  visitor.post('/api/auth/delete-user', body, from)

async function codeOf(answer: Response): Promise<unknown> {
  return [answer.status, ((await answer.json()) as { code?: string }).code]
}

async function finishedRide(client: ApiClient, title: string): Promise<string> {
  const rideId = await startRide(client, { title, visibility: 'PUBLIC' })
  await client.mutate('recordPositions', {
    rideId,
    positions: Array.from({ length: 20 }, (_, n) => position(n)),
  })
  await client.mutate('endRide', { rideId, at: at(30) })
  await eventually('the ride to be finished', async () => {
    const { data } = await client.ask('query ($id: ID!) { ride(id: $id) { status } }', { id: rideId })
    return data?.['ride']?.['status'] === 'FINISHED'
  })
  return rideId
}

/** A point a second, a hundred bytes each. */
function gpxOf(points: number): string {
  const point = (_: unknown, second: number) => {
    const time = new Date(Date.UTC(2026, 4, 1) + second * 1_000).toISOString()
    return `<trkpt lat="${(46 + second * 5e-5).toFixed(6)}" lon="7.000000"><ele>500.0</ele><time>${time}</time></trkpt>\n`
  }
  const track = Array.from({ length: points }, point).join('')
  return `<gpx version="1.1" creator="test" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>${track}</trkseg></trk></gpx>`
}

/** In which tables of ours there stands anything of him. */
async function tablesWith(...texts: readonly string[]): Promise<string[]> {
  const { rows } = await served.database.query<{ name: string }>(
    "select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables where schemaname in ('public', 'pgboss') and tablename <> 'spatial_ref_sys'",
  )
  const found: string[] = []
  for (const { name } of rows) {
    const { rowCount } = await served.database.query(
      `select from ${name} t where t::text ilike any($1) limit 1`,
      [texts.map((text) => `%${text}%`)],
    )
    if (rowCount !== 0) found.push(name)
  }
  return found
}

test('who leaves is asked for his password, ends everywhere at once, and leaves nothing behind', async () => {
  const { visitor, riderId, from } = await signedUp(served.product, 'leaver@example.org', 'Leaving Leo')
  const { authorization } = await asRider(served.product, 'Leaving Leo')
  await using client = connect(served.product.url, { authorization })
  const finished = await finishedRide(client, 'The last tour of Leo')
  const inProgress = await startRide(client, {
    title: 'Still riding, Leo',
    visibility: 'PUBLIC',
    startedAt: now(),
  })
  await client.mutate('recordPositions', { rideId: inProgress, positions: [{ ...position(1), at: now() }] })
  await client.ask(
    'mutation { createWebhook(input: { url: "https://example.com/leo", events: [RIDE_DELETED] }) { __typename } }',
  )
  await using other = connect(served.product.url, await asRider(served.product, 'Somebody else'))
  const seenByOthers = async () =>
    JSON.stringify(await other.ask('{ rides(first: 50) { edges { node { id title } } } }'))
  await eventually('others to see both', async () => {
    const seen = await seenByOthers()
    return seen.includes(finished) && seen.includes(inProgress)
  })

  expect(await codeOf(await leave(visitor, {}, from))).toEqual([400, 'PASSWORD_REQUIRED'])
  expect(await codeOf(await leave(visitor, { email: 'leaver@example.org' }, from))).toEqual([
    400,
    'PASSWORD_REQUIRED',
  ])
  expect(await codeOf(await leave(visitor, { password: 'not it, surely' }, from))).toEqual([
    400,
    'INVALID_PASSWORD',
  ])
  // A key is no session, and a page of another site no page of ours.
  const withKey = await openVisitor(served.product.url).post(
    '/api/auth/delete-user',
    { password },
    { authorization, ...somebody() },
  )
  expect(withKey.status).toBe(401)
  const fromElsewhere = { origin: 'https://elsewhere.example', ...somebody() }
  expect((await visitor.post('/api/auth/delete-user', { password }, fromElsewhere)).status).toBe(403)
  expect(await seenByOthers()).toContain('The last tour of Leo')

  await client.ask(
    'mutation { addPrivacyZone(input: { name: "Leos home", latitude: 10, longitude: 10, radius: 500 }) { __typename } }',
  )
  expect((await leave(visitor, { password })).status).toBe(200)
  expect(await seenByOthers()).not.toContain('Leo')
  expect(await visitor.query('{ viewer { id } }')).toMatchObject({ data: { viewer: null } })
  const withOldKey = await fetch(`${served.product.url}/graphql?query={viewer{id}}`, {
    headers: { authorization, accept: 'application/json' },
  })
  expect(withOldKey.status).toBe(401)
  expect((await fetch(`${served.product.url}/rides/${finished}.gpx`)).status).toBe(404)
  const signIn = { email: 'leaver@example.org', password }
  expect(
    (await openVisitor(served.product.url).post('/api/auth/sign-in/email', signIn, somebody())).status,
  ).toBe(401)

  await eventually(
    'nothing to be left of him',
    async () => (await tablesWith(riderId, 'Leo', 'leaver@example.org')).length === 0,
    settled,
  )
  const { rows } = await served.database.query(
    'select count(*)::int as count from streams where not redacted and stream_id = any($1)',
    [[finished, inProgress]],
  )
  expect(rows).toEqual([{ count: 0 }])
  expect(served.product.output()).not.toContain('leaver')
  // The address is free again, for another account.
  const again = await signedUp(served.product, 'leaver@example.org', 'Back again')
  expect(again.riderId).not.toBe(riderId)
})

test('who signs in with a provider types his e-mail', async () => {
  served.issuer.person = { sub: 'eva', email: 'eva@example.org', email_verified: true, name: 'Eva' }
  const visitor = openVisitor(served.product.url)
  const begun = await visitor.post(
    '/api/auth/sign-in/social',
    { provider: 'oidc', callbackURL: '/' },
    somebody(),
  )
  const { url } = (await begun.json()) as { url: string }
  const sent = await fetch(url, { redirect: 'manual' })
  await visitor.get(sent.headers.get('location') ?? '', { 'sec-fetch-site': 'cross-site', ...somebody() })
  expect(await visitor.query('{ viewer { name } }')).toMatchObject({ data: { viewer: { name: 'Eva' } } })
  const methods = (await (await visitor.get('/api/auth/list-accounts')).json()) as { providerId: string }[]
  expect(methods.map(({ providerId }) => providerId)).toEqual(['oidc'])

  expect(await codeOf(await leave(visitor, {}))).toEqual([400, 'EMAIL_REQUIRED'])
  expect(await codeOf(await leave(visitor, { email: 'leo@example.org' }))).toEqual([400, 'EMAIL_REQUIRED'])
  expect((await leave(visitor, { email: 'Eva@Example.org ' })).status).toBe(200)
  expect(await visitor.query('{ viewer { name } }')).toMatchObject({ data: { viewer: null } })
})

test('killed in the middle of it the server goes on when it is back', async ({ skip }) => {
  skip(
    served.fresh.kind === 'embedded',
    'needs PostgreSQL: the embedded one does nothing beside an open transaction',
  )
  const { visitor, riderId } = await signedUp(served.product, 'many@example.org', 'Many Rides')
  const { authorization } = await asRider(served.product, 'Many Rides')
  await using client = connect(served.product.url, { authorization })
  const ids = await Promise.all(Array.from({ length: 12 }, () => finishedRide(client, 'One of many')))
  // Held by somebody else, one of them cannot be deleted: it does not get to its end.
  await served.database.query('begin')
  await served.database.query('select from streams where stream_id = $1 for update', [ids.toSorted()[6]])
  expect((await leave(visitor, { password })).status).toBe(200)
  const other = new pg.Client(served.fresh.url)
  await other.connect()
  const left = async () =>
    (await other.query("select from streams where not deleted and state->>'riderId' = $1", [riderId]))
      .rowCount ?? 0
  try {
    await eventually('some of them to be deleted', async () => (await left()) < 12)
    expect(await left()).toBeGreaterThan(0)
    await served.product.kill()
    await served.database.query('rollback')
    expect(await left()).toBeGreaterThan(0)
    const { rowCount } = await other.query('select from leaving_riders where rider_id = $1', [riderId])
    expect(rowCount).toBe(1)
  } finally {
    await other.end()
  }
  await served.product.restart()
  // Whatever is still there is shown to nobody.
  await using stranger = connect(served.product.url)
  expect(
    JSON.stringify(await stranger.ask('{ rides(first: 50) { edges { node { title } } } }')),
  ).not.toContain('One of many')
  await eventually(
    'nothing to be left of him',
    async () => (await tablesWith(riderId, 'many@example.org')).length === 0,
    settled,
  )
})

test('a ride that is begun as somebody who has left is none', async () => {
  const { visitor, riderId } = await signedUp(served.product, 'late@example.org', 'Late')
  await served.database.query('begin')
  // Another process that was not told yet: what it knows of him it has from before.
  await served.database.query('insert into leaving_riders (rider_id) values ($1)', [riderId])
  await served.database.query(
    'update riders set mask_version = 2147483647, masked_version = 2147483647 where rider_id = $1',
    [riderId],
  )
  await served.database.query('commit')
  const start = `mutation { startRide(input: { rideId: "${randomUUID()}" }) { __typename } }`
  expect(await visitor.query(start)).toMatchObject({
    data: { startRide: { __typename: 'UnauthenticatedError' } },
  })
})

test('a file that was still on its way when its sender left becomes no ride', async () => {
  const { visitor, riderId } = await signedUp(served.product, 'sender@example.org', 'Slow Sender')
  const { authorization } = await asRider(served.product, 'Slow Sender')
  const file = Buffer.from(gpxOf(4_000))
  const upload = request(`${served.product.url}/rides/import`, {
    method: 'POST',
    headers: { authorization, 'content-length': file.length },
  })
  const answered = once(upload, 'response') as Promise<[IncomingMessage]>
  let sent = 0
  // No slower than the server waits for.
  const sendOn = () => {
    upload.write(file.subarray(sent, sent + 40_000))
    sent += 40_000
  }
  sendOn()
  expect((await leave(visitor, { password })).status).toBe(200)
  const dribble = setInterval(sendOn, 10_000)
  try {
    await eventually(
      'him to be forgotten',
      async () => (await tablesWith(riderId, 'sender@example.org')).length === 0,
      settled,
    )
  } finally {
    clearInterval(dribble)
  }
  upload.end(file.subarray(sent))
  const [answer] = await answered
  answer.resume()
  expect(answer.statusCode).toBe(401)
  expect(await tablesWith(riderId)).toEqual([])
})

test('the last account is not deleted where whoever came next could take the server over', async () => {
  await using own = await startProduct({ env: { ...withSignIn, TRUSTED_PROXIES: '127.0.0.1' } })
  const { visitor } = await signedUp(own, 'only@example.org', 'Only')
  expect(await codeOf(await leave(visitor, { password }))).toEqual([403, 'LAST_ACCOUNT'])
  expect(await visitor.query('{ viewer { name } }')).toMatchObject({ data: { viewer: { name: 'Only' } } })
})

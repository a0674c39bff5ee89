/**
 * Nothing that is somebody's own is in the log, also where it says all it can and where what it tells of has failed: no places, no
 * words of riders, and nothing that opens anything.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { connect } from '../api/client.ts'
import { openVisitor, type Visitor } from '../identity/visitor.ts'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { type Product, startProduct, withSignIn } from '../support/product.ts'
import { type AsRider, asRider } from '../support/riders.ts'
import { statement } from '../support/statement.ts'

/** What must be found nowhere in what the product prints, by what it is. */
const secrets = new Map<string, string>()
const secret = (what: string, text: string) => {
  secrets.set(what, text)
  return text
}

const email = secret('an e-mail', 'olga.of.the.log@example.org')
const password = secret('a password', `pass ${randomUUID()}`)
const wrongPassword = secret('a wrong password', `wrong ${randomUUID()}`)
const title = secret('a title', `Ridden ${randomUUID()}`)
const description = secret('a description', `Told ${randomUUID()}`)
const riderName = secret('a name', `Olga ${randomUUID()}`)
const zoneName = secret("a zone's name", `Home ${randomUUID()}`)
const wrongKey = secret('a key that is none', `slip_${'w'.repeat(43)}`)
const receiver = secret('the address of a receiver', `https://receiver.example/${randomUUID()}`)
// As degrees, and as they are stored.
const south = 46.731_942
secret('a latitude', '46.73')
secret('a latitude, as it is stored', '46731')
secret('a longitude', '14.829')
secret('a longitude, as it is stored', '14829')
secret('the header of a cookie', 'slipstream.session_token=')

let database: FreshDatabase
let product: Product
let ana: AsRider
let visitor: Visitor
beforeAll(async () => {
  database = await freshDatabase()
  // Whatever library would say more than it should, says it.
  const env = { ...withSignIn, DATABASE_URL: database.url, SIGN_UP: 'open', LOG_LEVEL: 'debug', DEBUG: '*' }
  product = await startProduct({ env })
  ana = await asRider(product, riderName)
  secret('a key', ana.key)
  visitor = openVisitor(product.url)
}, 120_000)
afterAll(async () => {
  await product?.[Symbol.asyncDispose]()
  await database?.[Symbol.asyncDispose]()
})

function expectNoSecretInLog(): void {
  // It says what it can: each request, by its road.
  expect(product.output()).toContain('"road":"/graphql"')
  const found = [...secrets].filter(([, text]) => product.output().includes(text)).map(([what]) => what)
  expect(found).toEqual([])
}

const positions = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    at: new Date(Date.UTC(2026, 4, 31, 8, 0, from + index)).toISOString(),
    latitude: south + (from + index) * 1e-5,
    longitude: 14.829_17,
  }))

async function ask(query: string, variables: object, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(`${product.url}/graphql`, {
    method: 'POST',
    headers: { authorization: ana.authorization, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  })
  return await response.text()
}

test('after journeys by password, session, key, link, file and socket', async () => {
  await visitor.post('/api/auth/sign-up/email', { email, password, name: riderName })
  await visitor.post('/api/auth/sign-in/email', { email, password: wrongPassword })
  const signedIn = await visitor.post('/api/auth/sign-in/email', { email, password })
  expect(signedIn.status).toBe(200)
  for (const [name, value] of visitor.cookies) secret(`the cookie ${name}`, value.slice(0, 20))
  expect(visitor.cookies.size).toBeGreaterThan(0)
  expect(await visitor.query('{ viewer { name } }')).toMatchObject({ data: { viewer: { name: riderName } } })

  const rideId = randomUUID()
  await using client = connect(product.url, { authorization: ana.authorization })
  await client.mutate('startRide', { rideId, startedAt: '2026-05-31T08:00:00Z', title })
  await client.mutate('editRide', { rideId, description })
  await client.mutate('recordPositions', { rideId, positions: positions(0, 60) })
  const webhook = await ask(
    'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { ... on CreateWebhookPayload { secret } } }',
    { input: { url: receiver, events: ['RIDE_FINISHED'] } },
  )
  secret('the secret of a webhook', found(/"secret":"(whsec_[^"]+)"/, webhook))
  const share = await ask(
    'mutation ($input: ShareRideInput!) { shareRide(input: $input) { ... on ShareRidePayload { token } } }',
    { input: { rideId } },
  )
  const token = secret('the token of a link', found(/"token":"([^"]+)"/, share))
  const zone = { name: zoneName, latitude: south, longitude: 14.829_17, radius: 500 }
  expect(
    await ask('mutation ($input: AddPrivacyZoneInput!) { addPrivacyZone(input: $input) { __typename } }', {
      input: zone,
    }),
  ).toContain('AddPrivacyZonePayload')
  await client.mutate('endRide', { rideId, at: '2026-05-31T08:02:00Z' })
  await eventually('the ride to be finished', async () =>
    (await ask('query ($id: ID!) { ride(id: $id) { status } }', { id: rideId })).includes('FINISHED'),
  )
  for (const format of ['gpx', 'tcx', 'geojson']) {
    await fetch(`${product.url}/rides/${rideId}.${format}?share=${token}`, {
      headers: { 'ride-share': token },
    })
  }
  const feed = client.subscribe(
    'subscription ($id: ID!) { rideFeed(rideId: $id) { positions { latitude } } }',
    { id: rideId },
  )
  await feed.next()
  await feed.return?.()
  expectNoSecretInLog()
})

test('after what was refused: keys, links, cookies, documents, values and files that are none', async () => {
  const broken = { authorization: `Bearer ${wrongKey}` }
  await ask('{ viewer { id } }', {}, broken)
  await ask('{ viewer { id } }', {}, { 'ride-share': `${secrets.get('the token of a link')}x` })
  await ask('{ viewer { id } }', {}, { cookie: `slipstream.session_token=${password}` })
  await ask(`{ ride(id: "${title}") { id ${description} `, {})
  await ask('query ($box: BoundingBoxInput!) { rides { nodes(box: $box) { id } } }', {
    box: { west: 14.829_17 },
  })
  await ask('mutation ($input: RecordPositionsInput!) { recordPositions(input: $input) { __typename } }', {
    input: {
      rideId: title,
      positions: positions(0, 1).map((one) => ({ ...one, latitude: String(one.latitude) })),
    },
  })
  await fetch(
    `${product.url}/graphql?query=${encodeURIComponent(`{ ride(id: "${title}") { id } }`)}&variables={${wrongKey}`,
  )
  await fetch(`${product.url}/${wrongKey}/${encodeURIComponent(title)}`)
  await fetch(`${product.url}/rides/import`, {
    method: 'POST',
    headers: { authorization: ana.authorization, 'content-type': 'application/gpx+xml' },
    body: `<gpx><trk><name>${title}</name><trkseg><trkpt lat="${south}" lon="14.82917"><time>never</time>`,
  })
  const socket = new WebSocket(`${product.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    headers: broken,
  })
  await new Promise((resolve) => {
    socket.on('open', () => {
      socket.send(
        JSON.stringify({
          type: 'connection_init',
          payload: { authorization: broken.authorization, rideShare: title },
        }),
      )
      socket.send(`{"type":"subscribe","id":"1","payload":{"query":"{ ride(id: \\"${title}\\") "}`)
    })
    socket.on('close', resolve)
    socket.on('error', () => undefined)
  })
  expectNoSecretInLog()
})

test('after faults of the database that quote the row', async () => {
  const rideId = randomUUID()
  await using client = connect(product.url, { authorization: ana.authorization })
  await client.mutate('startRide', { rideId, startedAt: '2026-05-31T08:00:00Z', title })
  const upload = { rideId, positions: positions(0, 30) }
  const recording =
    'mutation ($input: RecordPositionsInput!) { recordPositions(input: $input) { __typename ... on Error { message } } }'
  const before = product.output().length
  // Of what a check refuses, PostgreSQL shows the whole row.
  await forbidding('events', async () => {
    const answer = await ask(recording, { input: upload })
    for (const [what, text] of secrets) expect(answer.includes(text) ? what : '').toBe('')
    expect(answer).toContain('INTERNAL_SERVER_ERROR')
  })
  await forbidding('ride_progress_1', async () => {
    expect(await ask(recording, { input: upload })).toContain('RecordPositionsPayload')
    await eventually('the ride to be parked', async () => {
      const rows = await statement(await product.databaseUrl(), 'select from parked_rides')
      return rows.length > 0
    })
  })
  expect(product.output().slice(before)).toContain('"level":"error"')
  expectNoSecretInLog()
  const boss = await asRider(product, 'Boss', ['rides:read', 'admin'])
  const parked = await ask(
    '{ parkedRides { rideId error { summary where } } }',
    {},
    { authorization: boss.authorization },
  )
  expect(parked).toContain('"summary"')
  // He is told of it by another name.
  expect(parked).not.toContain(rideId)
  for (const [what, text] of secrets) expect(parked.includes(text) ? what : '').toBe('')
})

async function forbidding(table: string, act: () => Promise<void>): Promise<void> {
  const url = await product.databaseUrl()
  await statement(url, `alter table ${table} add constraint nothing_more check (false) not valid`)
  try {
    await act()
  } finally {
    await statement(url, `alter table ${table} drop constraint nothing_more`)
  }
}

function found(pattern: RegExp, answer: string): string {
  const [, text] = pattern.exec(answer) ?? []
  if (text === undefined) throw new Error(`There is no ${pattern} in ${answer}`)
  return text
}

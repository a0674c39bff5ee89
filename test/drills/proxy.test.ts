/** The proxy of ops/proxy, in front of a process. */
import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { connect, startRide } from '../api/client.ts'
import { type Caddy, startCaddy } from '../support/caddy.ts'
import { eventually } from '../support/eventually.ts'
import { freePort } from '../support/free-port.ts'
import { type Product, startProduct, withSignIn } from '../support/product.ts'
import { isInstalled, needsPrograms } from '../support/programs.ts'
import { asRider } from '../support/riders.ts'

let product: Product
let proxy: Caddy | undefined
beforeAll(async () => {
  if (!isInstalled('caddy')) return
  const env = { ...withSignIn, TRUSTED_PROXIES: '127.0.0.1', LIMIT_ANONYMOUS_REQUESTS_PER_MINUTE: '10' }
  product = await startProduct({ env })
  proxy = await startCaddy([product.url])
})
afterAll(() => proxy?.[Symbol.asyncDispose]())
beforeEach((context) => needsPrograms(context, 'caddy'))

test.each(['/healthz', '/readyz', '/readyz?for=traffic', '/metrics'])(
  '%s is not for the outside',
  async (path) => {
    const [inside, outside] = await Promise.all([
      fetch(`${product.url}${path}`),
      fetch(`${proxy?.url}${path}`),
    ])
    expect(outside.status).toBe(404)
    // It is the proxy that says so: the product says something with it.
    expect(await outside.text()).toBe('')
    expect(await inside.text()).not.toBe('')
  },
)

test('what comes over server-sent events and WebSockets is passed on at once', async () => {
  const { authorization } = await asRider(product, 'Ana')
  await using client = connect(proxy!.url, { authorization })
  const rideId = await startRide(client)
  const query = `subscription { rideFeed(rideId: "${rideId}") { version } }`
  const feed = client.subscribe(query)
  const events = await fetch(`${proxy?.url}/graphql`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query }),
  })
  let seen = ''
  const reading = events.body!.pipeThrough(new TextDecoderStream()).pipeTo(
    new WritableStream({
      write(text) {
        seen += text
      },
    }),
  )
  reading.catch(() => undefined)
  expect((await feed.next()).value?.data).toEqual({ rideFeed: { version: 1 } })
  await eventually('the first event', () => seen.includes('"version":1'))
  await client.mutate('pauseRide', { rideId })
  expect((await feed.next()).value?.data).toEqual({ rideFeed: { version: 2 } })
  await eventually('the second event', () => seen.includes('"version":2'))
  await feed.return?.()
})

test('pages are packed on the way', async () => {
  const { authorization } = await asRider(product, 'Ana')
  const headers = { authorization, accept: 'text/html', 'accept-encoding': 'gzip' }
  const encodings = [product.url, proxy!.url].map(async (url) => {
    const answer = await fetch(`${url}/graphql`, { headers })
    expect(await answer.text()).toContain('renderYogaGraphiQL')
    return answer.headers.get('content-encoding')
  })
  expect(await Promise.all(encodings)).toEqual([null, 'gzip'])
})

/** As nobody; gives the status. */
function ask(url: string, headers: Readonly<Record<string, string>>): Promise<number | undefined> {
  return new Promise((done, reject) => {
    const all = { 'content-type': 'application/json', ...headers }
    const asking = request(`${url}/graphql`, { method: 'POST', headers: all }, (answer) => {
      answer.resume()
      done(answer.statusCode)
    })
    asking.on('error', reject)
    asking.end('{"query":"{ __typename }"}')
  })
}

test('whoever says that he comes from many addresses is counted by his own', async () => {
  const fromMany = async (url: string) => {
    const statuses: (number | undefined)[] = []
    for (let number = 1; number <= 20; number++) {
      statuses.push(await ask(url, { 'x-forwarded-for': `203.0.113.${number}` }))
    }
    return statuses
  }
  // To the API this machine is the proxy, which it believes.
  expect(await fromMany(product.url)).not.toContain(429)
  expect(await fromMany(proxy!.url)).toContain(429)
})

test('the name that a client asks for comes as it was', async () => {
  // A server that listens to its own machine alone answers to no other name.
  expect(await ask(proxy!.url, { host: 'rides.example' })).toBe(421)
})

test('where no API is there all are told to come again, and nothing of what they asked is written down', async () => {
  await using alone = await startCaddy([`http://127.0.0.1:${await freePort()}`], { nobodyThere: true })
  const secrets = { share: 'secret-share', ride: randomUUID(), address: '203.0.113.7' }
  const headers = { 'ride-share': secrets.share, 'x-forwarded-for': secrets.address }
  const command = await fetch(`${alone.url}/graphql?share=${secrets.share}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{"query":"{ __typename }"}',
  })
  expect(command.status).toBe(503)
  expect(command.headers.get('retry-after')).toBe('1')
  expect(command.headers.get('content-type')).toContain('application/json')
  const message = expect.stringMatching(/again in a moment/)
  expect(await command.json()).toEqual({
    errors: [{ message, extensions: { code: 'OVERLOADED', retryAfter: 1 } }],
  })
  const page = await fetch(`${alone.url}/rides/${secrets.ride}?share=${secrets.share}`, { headers })
  expect([page.status, page.headers.get('retry-after')]).toEqual([503, '1'])
  expect(await page.text()).toContain('again in a moment')
  // What it has to say of each it says: by its method, not by what was asked, nor by whom.
  await eventually('both to be logged', () => alone.output().match(/http\.log\.error/g)?.length === 2)
  expect(alone.output()).toContain('"method":"POST"')
  for (const secret of [...Object.values(secrets), '"remote_']) expect(alone.output()).not.toContain(secret)
})

test('where browsers find it by a name it asks for a certificate, and plain http is sent on', () => {
  const caddyfile = resolve(import.meta.dirname, '../../ops/proxy/Caddyfile')
  const { status, stdout } = spawnSync('caddy', ['adapt', '--config', caddyfile, '--adapter', 'caddyfile'], {
    env: { PATH: process.env['PATH'], SITE: 'https://rides.example.org' },
    encoding: 'utf8',
  })
  expect(status).toBe(0)
  const [server] = Object.values(JSON.parse(stdout).apps.http.servers) as [Record<string, unknown>]
  expect(server).toMatchObject({
    listen: [':443'],
    routes: [{ match: [{ host: ['rides.example.org'] }], terminal: true }],
  })
  expect(server).not.toHaveProperty('automatic_https')
})

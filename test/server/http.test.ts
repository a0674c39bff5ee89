import { request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type FreshDatabase, freshDatabase } from '../support/database.ts'
import { type Product, startProduct } from '../support/product.ts'

let database: FreshDatabase
let product: Product
beforeAll(async () => {
  database = await freshDatabase()
  product = await startProduct({ env: { DATABASE_URL: database.url } })
})
afterAll(async () => {
  await product?.[Symbol.asyncDispose]()
  await database?.[Symbol.asyncDispose]()
})

const post = (body: BodyInit, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  fetch(`${product.url}/graphql`, { method: 'POST', body, headers })

/** The server answers a plain query, whatever came before. */
async function stillUp(): Promise<void> {
  const answer = await post(JSON.stringify({ query: '{ viewer { name } }' }))
  expect(await answer.json()).toMatchObject({ data: { viewer: { name: 'Local rider' } } })
}

describe('a body that cannot be taken is refused with what to do, and the server stays up', () => {
  test.each([
    ['not JSON', 'nonsense', 400, 'not a JSON object'],
    ['JSON, but no object', '[1]', 400, 'not a JSON object'],
    [
      'over 1 MiB',
      JSON.stringify({ query: '{ viewer { name } }', padding: 'x'.repeat(1024 * 1024) }),
      413,
      '1 MiB',
    ],
  ])('%s', async (_, body, status, message) => {
    const answer = await post(body)
    expect(answer.status).toBe(status)
    const { errors } = (await answer.json()) as { errors: { message: string; extensions: unknown }[] }
    expect(errors[0]).toMatchObject({
      message: expect.stringContaining(message),
      extensions: { code: 'INVALID_INPUT' },
    })
    await stillUp()
  })

  test('over 1 MiB without saying so beforehand', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sending = request(
        `${product.url}/graphql`,
        { method: 'POST', headers: { 'content-type': 'application/json' } },
        (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        },
      )
      // The server closes while more is coming; what is asked for is its answer.
      sending.on('error', (error: NodeJS.ErrnoException) =>
        error.code === 'EPIPE' || error.code === 'ECONNRESET' ? undefined : reject(error),
      )
      sending.write('"')
      sending.end('x'.repeat(1024 * 1024 + 1))
    })
    expect(status).toBe(413)
    await stillUp()
  })

  test('a type that a browser sends across sites without asking', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const answer = await post('query={viewer{name}}', { 'content-type': type })
      expect(answer.status).toBe(415)
    }
    await stillUp()
  })

  test('GraphQL that does not parse, or asks for what is not there', async () => {
    for (const query of ['{', '{ nothing }', '']) {
      const { errors } = (await (await post(JSON.stringify({ query }))).json()) as { errors: unknown[] }
      expect(errors).toHaveLength(1)
    }
    await stillUp()
  })
})

test('an upload of 8 MB is told what to do, and not just cut off', async () => {
  for (let attempt = 0; attempt < 10; attempt++) {
    expect((await post('x'.repeat(8 * 1024 * 1024))).status).toBe(413)
  }
})

test("a page from elsewhere that gave its own name this machine's address is not answered", async () => {
  const ask = (host: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const headers = { host, origin: `http://${host}`, 'content-type': 'application/json' }
      const asking = request(`${product.url}/graphql`, { method: 'POST', headers }, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      })
      asking.on('error', reject)
      asking.end('{"query":"{ viewer { name } }"}')
    })
  const { port } = new URL(product.url)
  expect(await ask(`rebound.example:${port}`)).toBe(421)
  expect(await ask(`localhost:${port}`)).toBe(200)
  expect(await ask('127.0.0.1')).toBe(200)
})

describe('WebSockets', () => {
  const open = (headers: Record<string, string>, path = '/graphql') =>
    new Promise<string>((resolve) => {
      const socket = new WebSocket(`${product.url.replace('http', 'ws')}${path}`, ['graphql-transport-ws'], {
        headers,
      })
      socket.on('open', () => {
        socket.close()
        resolve('open')
      })
      socket.on('unexpected-response', (_, answer) => {
        socket.on('error', () => undefined)
        socket.close()
        resolve(String(answer.statusCode))
      })
    })

  test('are open to programs and to pages of this site, not to pages of others', async () => {
    expect(await open({})).toBe('open')
    expect(await open({ origin: product.url })).toBe('open')
    expect(await open({ origin: 'https://elsewhere.example' })).toBe('403')
    expect(await open({ origin: 'null' })).toBe('403')
    expect(await open({}, '/elsewhere')).toBe('404')
  })

  test("of a page that gave its own name this machine's address are refused", async () => {
    expect(await open({ host: 'rebound.example', origin: 'http://rebound.example' })).toBe('421')
  })

  test('that are refused and reset at once do not end the process', async () => {
    const { hostname, port } = new URL(product.url)
    const reset = () =>
      new Promise<void>((resolve) => {
        const socket = connect(Number(port), hostname, () => {
          socket.write(
            'GET /elsewhere HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
          )
          socket.resetAndDestroy()
        })
        socket.on('close', () => resolve())
      })
    for (let attempt = 0; attempt < 30; attempt++) await reset()
    await stillUp()
  })

  test('a message over 1 MiB closes its socket and nothing else', async () => {
    const socket = new WebSocket(`${product.url.replace('http', 'ws')}/graphql`, ['graphql-transport-ws'])
    const closed = new Promise<number>((resolve) => socket.on('close', resolve))
    socket.on('open', () => socket.send('x'.repeat(1024 * 1024 + 1)))
    expect(await closed).toBe(1009)
    await stillUp()
  })
})

test('a path that cannot be read, or leads out, is a page like any other or refused', async () => {
  const ask = (path: string) =>
    new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      const asking = request(product.url, { path }, (answer) => {
        let body = ''
        answer.setEncoding('utf8').on('data', (text: string) => {
          body += text
        })
        answer.on('end', () => resolve({ status: answer.statusCode, body }))
      })
      asking.on('error', reject)
      asking.end()
    })
  for (const path of [
    '/%E0%A4%A',
    '/%00',
    '//',
    '/..%2f..%2fpackage.json',
    '/../package.json',
    '/assets/../../../package.json',
  ]) {
    const { status, body } = await ask(path)
    expect([path, status]).toEqual([path, expect.toSatisfy((code: number) => code < 500)])
    expect(body).not.toContain('"dependencies"')
  }
  await stillUp()
})

test('health: alive, and ready', async () => {
  expect((await fetch(`${product.url}/healthz`)).status).toBe(200)
  expect((await fetch(`${product.url}/readyz`)).status).toBe(200)
})

test('GraphiQL comes whole, from here alone', async () => {
  const page = await fetch(`${product.url}/graphql`, { headers: { accept: 'text/html' } })
  const html = await page.text()
  expect(html).toContain('<title>Slipstream API')
  expect(html).not.toMatch(/(src|href)="https?:/)
  expect(html).toContain('mutation RiderRecords')
})

test('pages come with a policy that lets in nothing from elsewhere but map tiles', async () => {
  const page = await fetch(`${product.url}/rides/00000000-0000-4000-8000-000000000000`)
  expect(page.status).toBe(200)
  const policy = page.headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self'")
  expect(policy).not.toContain('unsafe')
  // Of a page that the browser has, what comes with 304 takes the place of what it had.
  const known = await fetch(page.url, { headers: { 'if-none-match': page.headers.get('etag') ?? '' } })
  expect([known.status, known.headers.get('content-security-policy')]).toEqual([304, policy])
  expect(await (await fetch(`${product.url}/config.json`)).json()).toEqual({
    mapboxAccessToken: null,
    signIn: null,
  })
})

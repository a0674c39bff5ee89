/**
 * `npm run dev` as a developer runs it: one address, at which the page's modules come from Vite and what belongs to the
 * server from there. On an embedded database of its own, which takes its seconds to be made.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { eventually } from '../support/eventually.ts'
import { freePort } from '../support/free-port.ts'

const startingTakesMs = 120_000

let directory: string
let url: string
let dev: ChildProcess
let closed: Promise<unknown>
let printed = ''

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipstream-dev-'))
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  dev = startDev(port)
  closed = once(dev, 'close')
  for (const stream of [dev.stdout!, dev.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text
    })
  }
  await eventually('the server to be ready', async () => hasEnded(dev) || (await fetch(`${url}/readyz`)).ok, {
    withinMs: startingTakesMs,
    everyMs: 100,
  })
  if (hasEnded(dev)) throw new Error(`npm run dev has ended: ${printed}`)
}, startingTakesMs)

afterAll(async () => {
  // Its server and that one's watcher too.
  if (!hasEnded(dev)) process.kill(-dev.pid!, 'SIGKILL')
  await closed
  await rm(directory, { recursive: true, force: true })
})

test('the page comes with all its modules', async () => {
  const html = await (await fetch(`${url}/`, { headers: { accept: 'text/html' } })).text()
  const entry = /<script type="module" src="(\/main\.tsx[^"]*)"/.exec(html)?.[1]
  const modules = await modulesFrom(entry!)
  expect([...modules].filter(([, type]) => type !== 'text/javascript')).toEqual([])
  expect([...modules.keys()]).toEqual(
    expect.arrayContaining(['/graphql/client.ts', '/graphql/socket.ts', '/live/live-page.tsx']),
  )
})

test('GraphQL answers at the address of the page, over HTTP, in the browser and over a WebSocket', async () => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ query: '{ rides(first: 1) { nodes { id } } }' }),
  })
  expect(await response.json()).toMatchObject({ data: { rides: { nodes: [] } } })

  const graphiql = await fetch(`${url}/graphql?query=%7B__typename%7D`, { headers: { accept: 'text/html' } })
  expect(await graphiql.text()).toContain('GraphiQL')

  const socket = new WebSocket(url.replace('http', 'ws').concat('/graphql'), 'graphql-transport-ws', {
    origin: url,
  })
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'connection_init' }))
  const [message] = await once(socket, 'message')
  expect(JSON.parse(String(message))).toEqual({ type: 'connection_ack' })
  socket.terminate()
})

test('what it prints names one address, and nobody who holds the database', async () => {
  const map = await eventually('the address', () => /Map +(\S+)/.exec(printed)?.[1])
  expect(map).toBe(`${url}/`)
  expect([...new Set(printed.match(/https?:\/\/[\w.]+:\d+/g))]).toEqual([url])
  expect(printed).not.toMatch(/already open/)
})

test('Ctrl-C ends all of it', async () => {
  dev.kill('SIGINT')
  await closed
  expect(dev.exitCode).toBe(0)
  await expect(fetch(`${url}/readyz`)).rejects.toThrow()
})

test('where the port is taken it says so at once', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const address = other.address()
  const port = typeof address === 'object' ? address!.port : 0
  const second = startDev(port)
  let complaint = ''
  second.stderr!.setEncoding('utf8').on('data', (text: string) => {
    complaint += text
  })
  await once(second, 'close')
  other.close()
  expect(second.exitCode).toBe(1)
  expect(complaint).toContain(`Choose another port: PORT=${port + 1} npm run dev`)
})

function startDev(port: number): ChildProcess {
  const { PATH, HOME } = process.env
  return spawn(process.execPath, [join(import.meta.dirname, '../../scripts/dev.ts')], {
    env: { PATH, HOME, PORT: String(port), DATA_DIR: directory },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, to be ended as a whole.
    detached: true,
  })
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

/** The page's own modules that `entry` needs, and what they need, each with the type it came as. */
async function modulesFrom(entry: string): Promise<ReadonlyMap<string, string>> {
  const types = new Map<string, string>()
  const wanted = [entry]
  for (let path = wanted.pop(); path !== undefined; path = wanted.pop()) {
    const name = path.split('?', 1)[0]!
    if (types.has(name)) continue
    const response = await fetch(url + path)
    types.set(name, `${response.status === 200 ? '' : response.status}${contentType(response)}`)
    for (const [, next] of (await response.text()).matchAll(/(?:from|import) *\(?"(\/[^"]+)"/g)) {
      if (!/^\/(@|node_modules\/)/.test(next!)) wanted.push(next!)
    }
  }
  return types
}

function contentType(response: Response): string | undefined {
  return response.headers.get('content-type')?.split(';', 1)[0]
}

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { closingTimeMs, openClosing } from '#server/closing.ts'
import type { GraphQL } from '#server/graphql.ts'
import type { Listening } from '#server/server.ts'
import { openSockets, type Sockets } from '#server/sockets.ts'
import { spread } from '#server/spread.ts'
import { eventually } from '../support/eventually.ts'
import { of, openStage, ridden, somebody, upload, waiting } from './rooms.ts'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

const stage = openStage()
let listening: Listening
let sockets: Sockets
let graphql: GraphQL
const clients: { destroy?: () => void; terminate?: () => void }[] = []

beforeEach(async () => {
  graphql = stage.createGraphQL()
  listening = await stage.listen(graphql)
  sockets = openSockets(listening, graphql, somebody)
})
afterEach(async () => {
  for (const client of clients.splice(0)) (client.terminate ?? client.destroy)?.call(client)
  await Promise.all([listening.close(), sockets.close()])
  graphql.policy.deadline.close()
})

/** A connection that is kept, and what came over it. */
async function open(): Promise<{ socket: Socket; said: () => string; isClosed: () => boolean }> {
  const socket = connect(listening.port, '127.0.0.1')
  clients.push(socket)
  await once(socket, 'connect')
  let said = ''
  socket.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  socket.on('error', () => undefined)
  return { socket, said: () => said, isClosed: () => socket.closed }
}

function post(body: object, accept = 'application/json'): string {
  const text = JSON.stringify(body)
  return `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: ${accept}\r\nContent-Length: ${text.length}\r\n\r\n${text}`
}

const uploadTo = (rideId: string) => ({ query: upload, variables: of(rideId) })
const liveRides = 'subscription { liveRides { snapshot } }'

test('what is under way is answered, as the last of its connection; idle connections and new ones are not taken', async () => {
  const [busy, idle] = [await open(), await open()]
  idle.socket.write(post(uploadTo(ridden)))
  await eventually('an answer', () => idle.said().includes('RecordPositionsPayload'))
  expect(idle.said()).toMatch(/^connection: keep-alive/im)
  const before = stage.release()
  busy.socket.write(post(uploadTo(waiting)))
  const release = await eventually('the command to wait', () => stage.release() !== before && stage.release())
  const closed = listening.close()
  await eventually('the idle connection to be closed', idle.isClosed)
  const refused = connect(listening.port, '127.0.0.1')
  expect((await once(refused, 'error'))[0]).toMatchObject({ code: 'ECONNREFUSED' })
  expect(busy.said()).toBe('')
  release()
  const released = performance.now()
  await closed
  // It was not cut.
  expect(performance.now() - released).toBeLessThan(closingTimeMs)
  await eventually('the answer', busy.isClosed)
  expect(busy.said()).toContain('RecordPositionsPayload')
  expect(busy.said()).toMatch(/^connection: close/im)
})

test('a feed over server-sent events is cut at once, and not completed', async () => {
  const feed = await open()
  feed.socket.write(post({ query: liveRides }, 'text/event-stream'))
  await eventually('the first item', () => feed.said().includes('"snapshot":true'))
  const asked = performance.now()
  await listening.close()
  expect(performance.now() - asked).toBeLessThan(closingTimeMs)
  await eventually('its end', feed.isClosed)
  expect(feed.said()).not.toContain('event: complete')
  // The last chunk of a body that is whole.
  expect(feed.said()).not.toMatch(/\r\n0\r\n\r\n$/)
})

/** A server that does nothing but come to its end. */
async function closable(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer((request, response) => {
    closing.heed(request, response)
    answer(request, response)
  })
  const closing = openClosing(server, () => false)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const ask = (...paths: string[]) => {
    const client = connect(port, '127.0.0.1').on('error', () => undefined)
    clients.push(client)
    client.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`).join(''))
    return client
  }
  return { server, closing, ask }
}

/** It reads no further until it is resumed. */
async function begunToRead(client: Socket): Promise<() => string> {
  const [first] = await once(client.setEncoding('latin1'), 'data')
  client.pause()
  const parts = [first]
  client.on('data', (part) => parts.push(part))
  client.pause()
  return () => parts.join('')
}

const bytes = 9_000_000
const small = 'the small answer'
const bigOrSmall = (request: IncomingMessage, response: ServerResponse) =>
  response.end(request.url === '/big' ? Buffer.alloc(bytes, 'x') : small)

test('an answer that was handed over and waits for a slow reader comes whole; then idle connections are cut', async () => {
  const { closing, ask } = await closable(bigOrSmall)
  const idle = ask('/small')
  await once(idle, 'data')
  const client = ask('/big')
  const said = await begunToRead(client)
  const closed = closing.close()
  expect(said().length).toBeLessThan(bytes)
  client.resume()
  const resumed = performance.now()
  await closed
  expect(performance.now() - resumed).toBeLessThan(closingTimeMs)
  await eventually('the end', () => client.closed && idle.closed)
  expect(said().length).toBeGreaterThan(bytes)
})

test('so does one that others wait behind, which were asked for over the same connection', async () => {
  let answerLater = () => {}
  const { closing, ask } = await closable((request, response) => {
    if (request.url === '/later') answerLater = () => response.end(small)
    else bigOrSmall(request, response)
  })
  const client = ask('/big', '/later')
  const said = await begunToRead(client)
  const closed = closing.close()
  expect(said().length).toBeLessThan(bytes)
  client.resume()
  await eventually('the big one', () => said().length > bytes)
  answerLater()
  await closed
  await eventually('the end', () => client.closed)
  expect(said()).toContain(small)
})

test('a connection over which nothing was asked may ask at once, and then is cut', async () => {
  const { server, closing, ask } = await closable(bigOrSmall)
  const accepted = once(server, 'connection')
  const unused = ask()
  await accepted
  const late = ask()
  await once(server, 'connection')
  const said = once(late.setEncoding('utf8'), 'data')
  const asked = performance.now()
  const closed = closing.close()
  late.write('GET /small HTTP/1.1\r\nHost: localhost\r\n\r\n')
  expect((await said)[0]).toMatch(/^connection: close/im)
  await closed
  expect(performance.now() - asked).toBeLessThan(closingTimeMs)
  await eventually('its end', () => unused.closed && late.closed)
})

test('all connections are looked at once for all answers that end together', async () => {
  const feeds = 300
  const { server, closing, ask } = await closable((_, response) => {
    response.setHeader('content-type', 'text/event-stream').write(': hello\n\n')
  })
  await Promise.all(Array.from({ length: feeds }, () => once(ask('/feed'), 'data')))
  const looks = vi.spyOn(server, 'closeIdleConnections')
  await closing.close()
  // Ten milliseconds lie between two lots.
  expect(looks.mock.calls.length).toBeLessThan(feeds / 5)
})

test('a server that is closed is not kept', async () => {
  const kept: WeakRef<object>[] = []
  await openAndClose()
  await eventually('it to be forgotten', () => {
    collect()
    return kept[0]?.deref() === undefined
  })
  expect(kept).toHaveLength(1)

  async function openAndClose() {
    const { server, closing } = await closable(bigOrSmall)
    kept.push(new WeakRef(server))
    await closing.close()
  }
})

test('of a connection that is idle nothing is kept of what was asked over it', async () => {
  const answered: WeakRef<object>[] = []
  const { closing, ask } = await closable((_, response) => {
    answered.push(new WeakRef(response))
    response.end(small)
  })
  const client = ask('/small')
  await once(client, 'data')
  await eventually('it to be forgotten', () => {
    collect()
    return answered[0]?.deref() === undefined
  })
  expect([answered.length, client.closed]).toEqual([1, false])
  await closing.close()
  await eventually('the connection to be closed', () => client.closed)
})

async function openSocket(): Promise<{
  socket: WebSocket
  messages: string[]
  code: () => number | undefined
}> {
  const socket = new WebSocket(`ws://127.0.0.1:${listening.port}/graphql`, ['graphql-transport-ws'])
  clients.push(socket)
  const messages: string[] = []
  let code: number | undefined
  socket.on('message', (message) => messages.push(String(message)))
  socket.on('close', (closed) => {
    code = closed
  })
  await once(socket, 'open')
  socket.send('{"type":"connection_init"}')
  await eventually('the connection to be acknowledged', () => messages.length > 0)
  return { socket, messages, code: () => code }
}

const subscribe = (id: string, payload: object) => JSON.stringify({ id, type: 'subscribe', payload })

test('a WebSocket is answered what it has asked, then told to connect elsewhere; its feeds are not completed', async () => {
  const [asking, watching] = [await openSocket(), await openSocket()]
  for (const { socket } of [asking, watching]) socket.send(subscribe('feed', { query: liveRides }))
  const before = stage.release()
  asking.socket.send(subscribe('upload', uploadTo(waiting)))
  const release = await eventually('the command to wait', () => stage.release() !== before && stage.release())
  await eventually('the feed', () => watching.messages.length === 2)
  const closed = sockets.close()
  await eventually('who only watches to be told', () => watching.code() === 1001)
  expect(asking.code()).toBeUndefined()
  release()
  await closed
  await eventually('who has asked to be told', () => asking.code() === 1001)
  expect(asking.messages.filter((message) => message.includes('RecordPositionsPayload'))).toHaveLength(1)
  for (const { messages } of [asking, watching]) {
    expect(messages.filter((message) => /"id":"feed".*complete|complete.*"feed"/.test(message))).toEqual([])
  }
})

test('thousands are not all sent away in the same instant, and all of them within two seconds or so', async () => {
  /** In how many turns of the event loop; between two of them lie ten milliseconds. */
  const turnsFor = async (many: number) => {
    let sent = 0
    let turns = 0
    let isInTurn = false
    await spread(Array(many).fill('somebody'), () => {
      sent++
      if (isInTurn) return
      isInTurn = true
      turns++
      setImmediate(() => {
        isInTurn = false
      })
    })
    expect(sent).toBe(many)
    return turns
  }
  expect(await turnsFor(50)).toBe(1)
  expect(await turnsFor(120)).toBe(3)
  expect(await turnsFor(40_000)).toBe(200)
}, 60_000)

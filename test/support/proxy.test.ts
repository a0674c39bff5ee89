import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { message } from '#database/embedded/protocol.ts'
import { randomFrom } from '#recordings/simulate/simulate-random.ts'
import { eventually } from './eventually.ts'
import { type DatabaseProxy, startProxy } from './proxy.ts'
import { startupMessage } from './proxy-conversation.ts'

const ready = message('Z', Buffer.from('I'))
const hello = message('R', Buffer.alloc(4))

/** Speaks as much of PostgreSQL's protocol as the proxy reads, and says "done" to every statement but one that says "wait". */
async function startServer(): Promise<{ port: number; heard: () => string; sockets: Socket[] }> {
  const sockets: Socket[] = []
  let heard = Buffer.alloc(0)
  const server = createServer((socket) => {
    sockets.push(socket)
    let isFirst = true
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      heard = Buffer.concat([heard, chunk])
      const isLast = chunk.at(-1) === 0 && !chunk.includes('wait')
      if (isFirst) socket.write(Buffer.concat([hello, ready]))
      else if (isLast) socket.write(Buffer.concat([message('C', 'done'), ready]))
      isFirst = false
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return { port: (server.address() as AddressInfo).port, heard: () => heard.toString('latin1'), sockets }
}

interface Client {
  readonly socket: Socket
  received(): string
  isClosed(): boolean
  readonly pieces: number[]
}

function dial(proxy: DatabaseProxy): Client {
  const socket = connect(proxy.port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  const chunks: Buffer[] = []
  socket.on('error', () => undefined)
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.write(startupMessage())
  return {
    socket,
    received: () => Buffer.concat(chunks).toString('latin1'),
    isClosed: () => socket.closed,
    get pieces() {
      return chunks.map((chunk) => chunk.length)
    },
  }
}

async function open(): Promise<{ proxy: DatabaseProxy; server: Awaited<ReturnType<typeof startServer>> }> {
  const server = await startServer()
  const proxy = await startProxy({ target: server.port, random: randomFrom(1) })
  onTestFinished(() => proxy[Symbol.asyncDispose]())
  return { proxy, server }
}

const connected = (client: Client) =>
  eventually('the greeting', () => client.received().endsWith(ready.toString('latin1')))
const answered = (client: Client) => eventually('the answer', () => client.received().includes('done'))

test('what is said goes through unchanged, in both directions', async () => {
  const { proxy, server } = await open()
  const client = dial(proxy)
  await connected(client)
  client.socket.write(message('Q', 'select 1'))
  await answered(client)
  expect(server.heard()).toBe(Buffer.concat([startupMessage(), message('Q', 'select 1')]).toString('latin1'))
  const answer = Buffer.concat([hello, ready, message('C', 'done'), ready]).toString('latin1')
  await eventually('the whole answer', () => client.received() === answer)
})

test('cut destroys both ends of every connection, and new ones may come', async () => {
  const { proxy, server } = await open()
  const clients = [dial(proxy), dial(proxy)]
  await Promise.all(clients.map(connected))
  expect(proxy.cut()).toBe(2)
  await eventually('both ends to be closed', () =>
    [...clients.map((client) => client.isClosed()), ...server.sockets.map((socket) => socket.closed)].every(
      Boolean,
    ),
  )
  await connected(dial(proxy))
  expect(proxy.connections()).toBe(1)
})

test('a statement whose answer is lost was done, and whoever asked is cut off without a word', async () => {
  const { proxy, server } = await open()
  const [other, client] = [dial(proxy), dial(proxy)]
  await Promise.all([other, client].map(connected))
  const lost = proxy.loseAnswer(/^commit/)
  other.socket.write(message('Q', 'select 1'))
  await answered(other)
  client.socket.write(message('Q', 'commit'))
  await lost
  await eventually('the connection to be closed', () => client.isClosed())
  expect(server.heard()).toContain('commit')
  expect(client.received()).not.toContain('done')
  expect(other.isClosed()).toBe(false)
})

test('a prepared statement is known by its name when its answer is to be lost', async () => {
  const { proxy } = await open()
  const client = dial(proxy)
  await connected(client)
  client.socket.write(message('P', 'keep', 'insert into kept', Buffer.alloc(2)))
  await answered(client)
  const lost = proxy.loseAnswer(/kept/)
  client.socket.write(message('B', '', 'keep', Buffer.alloc(6)))
  await lost
  await eventually('the connection to be closed', () => client.isClosed())
})

test('where the connection ends before the answer has come, the next answer is lost instead', async () => {
  const { proxy, server } = await open()
  const first = dial(proxy)
  await connected(first)
  let isLost = false
  const lost = proxy.loseAnswer(/commit/).then(() => {
    isLost = true
  })
  first.socket.write(message('Q', 'commit and wait'))
  await eventually('the server to have it', () => server.heard().includes('wait'))
  for (const socket of server.sockets) socket.destroy()
  await eventually('the first to be gone', () => first.isClosed() && proxy.connections() === 0)
  expect(isLost).toBe(false)
  const second = dial(proxy)
  await connected(second)
  second.socket.write(message('Q', 'commit'))
  await lost
})

test('a black hole takes connections and keeps what is sent until it lets go', async () => {
  const { proxy, server } = await open()
  const before = dial(proxy)
  await connected(before)
  proxy.blackhole()
  before.socket.write(message('Q', 'held back'))
  const during = dial(proxy)
  await once(during.socket, 'connect')
  await eventually('the second connection', () => proxy.connections() === 2)
  expect(server.sockets).toHaveLength(1)
  expect(server.heard()).not.toContain('held back')
  proxy.pass()
  await answered(before)
  await connected(during)
})

test('split delivers the same bytes in small pieces', async () => {
  const { proxy } = await open()
  proxy.split()
  const client = dial(proxy)
  await connected(client)
  client.socket.write(message('Q', 'select 1'))
  await answered(client)
  const answer = Buffer.concat([hello, ready, message('C', 'done'), ready]).toString('latin1')
  await eventually('the whole answer', () => client.received() === answer)
  expect(client.pieces.length).toBeGreaterThan(2)
})

test('delay holds each chunk back for as long as it says', async () => {
  const { proxy } = await open()
  const client = dial(proxy)
  await connected(client)
  proxy.delay(50)
  const asked = performance.now()
  client.socket.write(message('Q', 'select 1'))
  await answered(client)
  // There and back. A timer may fire up to a millisecond early.
  expect(performance.now() - asked).toBeGreaterThan(98)
})

test('refuse resets new connections and leaves open ones alone', async () => {
  const { proxy } = await open()
  const before = dial(proxy)
  await connected(before)
  proxy.refuse()
  const during = dial(proxy)
  await eventually('the new one to be closed', () => during.isClosed())
  before.socket.write(message('Q', 'select 1'))
  await answered(before)
  proxy.pass()
  await connected(dial(proxy))
})

test('mute swallows notifications and nothing else', async () => {
  const { proxy, server } = await open()
  const client = dial(proxy)
  await connected(client)
  proxy.mute()
  server.sockets[0]?.write(message('A', Buffer.alloc(4), 'log', '0 1'))
  client.socket.write(message('Q', 'select 1'))
  await answered(client)
  expect(client.received()).not.toContain('log')
  proxy.pass()
  server.sockets[0]?.write(message('A', Buffer.alloc(4), 'log', '0 2'))
  await eventually('the next notification', () => client.received().includes('0 2'))
  expect(client.received()).not.toContain('0 1')
})

import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { expect, test, vi } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { openSockets, type Pair } from './open-sockets.ts'

const message = 'x'.repeat(64 * 1024)

/** Sends until no more may wait, and gives how often. */
function fill({ connection }: Pair): number {
  let count = 0
  for (; !connection.isFull; count++) connection.send(message)
  return count
}

const flow = (resume: () => void) => ({ resume, forget: () => undefined, stop: () => undefined })

test('a connection is full when more than 1 MiB waits, and resumes who was held when all of it has gone', async () => {
  await using sockets = await openSockets()
  const pair = await sockets.connect()
  pair.client.pause()
  const sent = fill(pair)
  expect(pair.socket.bufferedAmount).toBeLessThan(1024 * 1024 + 2 * message.length)
  let resumed = 0
  pair.connection.hold(flow(() => resumed++))
  expect(resumed).toBe(0)
  pair.client.resume()
  await eventually('all to have gone', () => resumed === 1)
  expect(pair.connection.isFull).toBe(false)
  await eventually('all to have arrived', () => pair.messages.length === sent)
})

test('what is sent within a turn is written together, in order, and not held back beyond 64 KiB', async () => {
  await using sockets = await openSockets()
  const { connection, stream, messages } = await sockets.connect()
  const [writev, write] = [vi.spyOn(stream, '_writev'), vi.spyOn(stream, '_write')]
  for (const text of ['one', 'two', 'three']) connection.send(text)
  expect([writev.mock.calls.length, write.mock.calls.length]).toEqual([0, 0])
  await eventually('all to have arrived', () => messages.length === 3)
  expect(messages).toEqual(['one', 'two', 'three'])
  expect([writev.mock.calls.length, write.mock.calls.length]).toEqual([1, 0])
  connection.send(message)
  expect(writev).toHaveBeenCalledTimes(2)
})

test('frames come in the order in which they were sent, whatever they are; behind a close nothing', async () => {
  await using sockets = await openSockets()
  const { connection, socket, client } = await sockets.connect()
  const came: string[] = []
  for (const kind of ['message', 'ping', 'pong'] as const) {
    client.on(kind, (data: Buffer) => came.push(`${kind} ${data}`))
  }
  connection.send('one')
  socket.ping('two')
  connection.send(Buffer.from('th'), Buffer.from('ree'))
  socket.pong('four')
  connection.send('five')
  socket.close(1001)
  connection.send('never')
  expect((await once(client, 'close'))[0]).toBe(1001)
  expect(came).toEqual(['message one', 'ping two', 'message three', 'pong four', 'message five'])
})

test('a connection that ends within a turn takes nothing from the others', async () => {
  await using sockets = await openSockets()
  const [cut, broken, there] = [await sockets.connect(), await sockets.connect(), await sockets.connect()]
  for (const { connection } of [cut, broken, there]) connection.send('one')
  cut.socket.terminate()
  broken.stream.destroy()
  cut.connection.send('never')
  await eventually('the first to have arrived', () => there.messages.length === 1)
  there.connection.send('two')
  await eventually('the second to have arrived', () => there.messages.length === 2)
})

test('nothing is read from a client while it takes nothing', async () => {
  await using sockets = await openSockets()
  const pair = await sockets.connect()
  const asked: string[] = []
  pair.socket.on('message', (text) => asked.push(String(text)))
  pair.client.pause()
  fill(pair)
  pair.client.send('for more')
  pair.client.resume()
  await eventually('it to be read in the end', () => asked.length === 1)
  expect(pair.connection.isFull).toBe(false)
})

test('a client that takes nothing for long is told to come back', async () => {
  await using sockets = await openSockets()
  const pair = await sockets.connect()
  pair.client.pause()
  // What the kernel takes from the server is not in the server's hands; then nothing moves any more.
  let waiting = -1
  while (waiting !== pair.socket.bufferedAmount) {
    fill(pair)
    waiting = pair.socket.bufferedAmount
    await new Promise(setImmediate)
  }
  for (let look = 0; look < 5; look++) {
    expect(pair.socket.readyState).toBe(pair.socket.OPEN)
    pair.connection.look()
  }
  const closed = once(pair.client, 'close')
  pair.client.resume()
  expect((await closed)[0]).toBe(1013)
})

test('a client that does not answer is cut, one that does is not', async () => {
  await using sockets = await openSockets()
  const [gone, there] = [await sockets.connect({ autoPong: false }), await sockets.connect()]
  const closed = once(gone.client, 'close')
  for (const { connection } of [gone, there]) connection.look()
  await once(there.socket, 'pong')
  for (const { connection } of [gone, there]) connection.look()
  expect((await closed)[0]).toBe(1006)
  expect(there.socket.readyState).toBe(there.socket.OPEN)
})

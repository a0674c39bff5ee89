import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { type SendOptions, send } from '#webhooks/send.ts'
import { openReceiver, status } from './receiver.ts'

const stopping = new AbortController()
const options: SendOptions = {
  allowPrivate: true,
  resolve: async () => ['127.0.0.1'],
  timeoutMs: 5_000,
  signal: stopping.signal,
}
const message = { headers: { 'webhook-id': 'one' }, body: '{"type":"ping"}' }

test('a message comes as it was sent, under the name that was asked for', async () => {
  await using receiver = await openReceiver()
  const url = `http://rider.example:${receiver.port}/hook?token=1`
  const sent = await send({ ...message, url }, options)
  expect(sent).toMatchObject({ failure: undefined, status: 204 })
  expect(receiver.received).toEqual([
    {
      path: '/hook?token=1',
      body: message.body,
      headers: expect.objectContaining({
        'webhook-id': 'one',
        host: `rider.example:${receiver.port}`,
        'content-length': String(message.body.length),
      }),
    },
  ])
})

test('no redirect is followed', async () => {
  await using elsewhere = await openReceiver()
  await using receiver = await openReceiver()
  receiver.answers.push(status(307, { location: elsewhere.url }))
  expect(await send({ ...message, url: receiver.url }, options)).toMatchObject({
    failure: 'REDIRECT',
    status: 307,
  })
  expect(elsewhere.received).toEqual([])
})

test('what the receiver refuses is told by its status', async () => {
  await using receiver = await openReceiver()
  receiver.answers.push(status(500), status(404))
  for (const code of [500, 404]) {
    expect(await send({ ...message, url: receiver.url }, options)).toMatchObject({
      failure: 'STATUS',
      status: code,
    })
  }
})

test('a name that leads to a private address is not connected to, nor is one that leads there as well', async () => {
  await using receiver = await openReceiver()
  const url = `https://rider.example:${receiver.port}/`
  for (const addresses of [['127.0.0.1'], ['8.8.8.8', '127.0.0.1'], ['::ffff:127.0.0.1'], ['fd00::1']]) {
    const sent = await send(
      { ...message, url },
      { ...options, allowPrivate: false, resolve: async () => addresses },
    )
    expect(sent.failure).toBe('ADDRESS_NOT_ALLOWED')
  }
  const literal = await send(
    { ...message, url: `https://127.0.0.1:${receiver.port}/` },
    { ...options, allowPrivate: false },
  )
  expect(literal.failure).toBe('ADDRESS_NOT_ALLOWED')
  expect(receiver.received).toEqual([])
})

test('a name is looked up once for an attempt: what it leads to afterwards is not connected to', async () => {
  await using receiver = await openReceiver()
  const answers = [['127.0.0.1'], ['127.0.0.2']]
  let asked = 0
  const url = `http://rebinding.example:${receiver.port}/`
  const sent = await send({ ...message, url }, { ...options, resolve: async () => answers[asked++] ?? [] })
  expect(sent).toMatchObject({ failure: undefined, status: 204 })
  expect(asked).toBe(1)
})

test('a name is looked up and judged again for every attempt', async () => {
  await using receiver = await openReceiver()
  const answers = [['10.0.0.1'], ['127.0.0.1']]
  const strict = { ...options, allowPrivate: false, resolve: async () => answers.shift() ?? [] }
  const url = `https://rebinding.example:${receiver.port}/`
  for (const left of [1, 0]) {
    expect((await send({ ...message, url }, strict)).failure).toBe('ADDRESS_NOT_ALLOWED')
    expect(answers).toHaveLength(left)
  }
  expect(receiver.received).toEqual([])
})

test('a receiver that does not answer in time is given up', async () => {
  await using receiver = await openReceiver()
  receiver.answers.push(() => undefined)
  const sent = await send({ ...message, url: receiver.url }, { ...options, timeoutMs: 100 })
  expect(sent).toMatchObject({ failure: 'TIMEOUT', status: undefined })
})

test('a name server that does not answer in time is given up', async () => {
  const never = () => new Promise<never>(() => undefined)
  const sent = await send(
    { ...message, url: 'http://rider.example/' },
    { ...options, timeoutMs: 50, resolve: never },
  )
  expect(sent.failure).toBe('TIMEOUT')
})

test('of an answer without end no more is read than 64 KiB', async () => {
  await using receiver = await openReceiver()
  const ended = Promise.withResolvers<number>()
  receiver.answers.push((_, response) => {
    response.writeHead(200)
    let written = 0
    const chunk = Buffer.alloc(16 * 1024)
    const more = () => {
      while (!response.destroyed && response.write(chunk)) written += chunk.length
    }
    response.on('drain', more)
    response.on('close', () => ended.resolve(written))
    more()
  })
  expect(await send({ ...message, url: receiver.url }, options)).toMatchObject({
    failure: undefined,
    status: 200,
  })
  // What the kernels between them hold beside.
  expect(await ended.promise).toBeLessThan(20_000_000)
})

test('what fails is named, and says nothing of the address', async () => {
  const closed = createServer()
  closed.listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const address = closed.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  closed.close()
  const nobody = await send({ ...message, url: `http://127.0.0.1:${port}/` }, options)
  expect(nobody.failure).toBe('CONNECTION_REFUSED')

  const unknown = await send(
    { ...message, url: 'http://rider.example/' },
    { ...options, resolve: () => Promise.reject(Object.assign(new Error('none'), { code: 'ENOTFOUND' })) },
  )
  expect(unknown.failure).toBe('NAME_NOT_FOUND')

  await using receiver = await openReceiver()
  const plain = await send({ ...message, url: `https://127.0.0.1:${receiver.port}/` }, options)
  expect(plain.failure).toBe('TLS')

  receiver.answers.push((_, response) => void response.destroy())
  const broken = await send({ ...message, url: receiver.url }, options)
  expect(broken.failure).toBe('CONNECTION_LOST')
})

test('where the process stops nothing is known', async () => {
  await using receiver = await openReceiver()
  const own = new AbortController()
  receiver.answers.push(() => own.abort())
  await expect(send({ ...message, url: receiver.url }, { ...options, signal: own.signal })).rejects.toThrow()
})

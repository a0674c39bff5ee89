import { once } from 'node:events'
import { createServer, request, type ServerResponse } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { codingFor, streamFile } from '#server/stream-file.ts'

test.each([
  [undefined, 'identity'],
  ['', 'identity'],
  ['identity', 'identity'],
  ['br, deflate', 'identity'],
  ['gzip;q=0', 'identity'],
  ['gzip; q=0.000, *', 'identity'],
  ['gzip;q=many', 'identity'],
  ['*;q=0', 'identity'],
  ['identity;q=1, gzip;q=0.5', 'identity'],
  ['*, gzip;q=0.5', 'identity'],
  ['identity;q=many, gzip;q=0.5', 'gzip'],
  ['identity;q=0.5, gzip;q=0.5', 'gzip'],
  ['identity;q=0, *;q=0.1', 'gzip'],
  ['gzip', 'gzip'],
  ['GZIP', 'gzip'],
  ['x-gzip', 'gzip'],
  ['deflate, gzip ; q=0.1, br', 'gzip'],
  ['*', 'gzip'],
])('whoever accepts "%s" is sent %s', (header, coding) => {
  expect(codingFor(header)).toBe(coding)
})

test.each(['identity', 'gzip'] as const)('nothing is made for a reader who has gone (%s)', async (coding) => {
  const server = createServer()
  onTestFinished(() => void server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const asking = request({ port: typeof address === 'object' ? address?.port : undefined, host: '127.0.0.1' })
  asking.on('error', () => undefined).end()
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse]
  const gone = once(response, 'close')
  asking.destroy()
  await gone
  let made = 0
  function* lines() {
    made++
    yield 'a line'
  }
  await streamFile(lines(), response, coding)
  expect(made).toBe(0)
})

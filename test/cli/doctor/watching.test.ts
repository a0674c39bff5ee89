/** What the doctor says of metrics and traces. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { askCollector, judgeCollector, judgeMetrics } from '#cli/doctor/watching.ts'
import { readConfig } from '#config.ts'
import { openCollector } from '../../telemetry/collector.ts'

const AUTH_SECRET = 'a secret that is long enough for it'

test.each([
  [{}, 'good', '/metrics on port 4000'],
  [{ ROLE: 'worker', AUTH_SECRET, PORT: '4001' }, 'good', '/metrics on port 4001'],
  [{ AUTH_SECRET, METRICS_PORT: '9464' }, 'good', 'port 9464 of 127.0.0.1'],
  [{ AUTH_SECRET, METRICS_PORT: '9464', METRICS_HOST: '0.0.0.0' }, 'good', 'nobody from outside'],
  [{ AUTH_SECRET }, 'doubtful', 'METRICS_PORT is not set'],
])('of metrics, with %o: %s', (env, level, says) => {
  const reading = readConfig(env)
  if (reading.outcome === 'refused') throw new Error(reading.faults.join())
  expect(judgeMetrics(reading.config)).toMatchObject({ level, says: expect.stringContaining(says) })
})

test('a collector is asked, and takes what says nothing', async () => {
  await using collector = await openCollector()
  expect(await askCollector(`${collector.url}/v1/traces`)).toBe(200)
  expect(collector).toMatchObject({ unreadable: 0, spans: [] })
})

test('another server is no collector, and nobody is nobody', async () => {
  const server = createServer((_, response) => response.writeHead(404).end()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  expect(await askCollector(`http://127.0.0.1:${port}/v1/traces`)).toBe(404)
  server.close()
  await once(server, 'close')
  expect(await askCollector(`http://127.0.0.1:${port}/v1/traces`)).toBeUndefined()
})

test.each([
  [200, 'good'],
  [401, 'good'],
  [404, 'doubtful'],
  [undefined, 'doubtful'],
])('answered %s it is %s', (answer, level) => {
  expect(
    judgeCollector({ serviceName: 'slipstream', endpoint: 'http://jaeger:4318/v1/traces' }, answer).level,
  ).toBe(level)
})

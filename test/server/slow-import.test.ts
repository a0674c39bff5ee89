/** Clients that begin to send a file and do not go on. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCommands } from '#log/commands.ts'
import { openReaders } from '#recordings/read/readers.ts'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import { rideDecider } from '#ride/decider.ts'
import { localRider } from '#rights/viewer.ts'
import { createImport, importPath } from '#server/import.ts'
import { type OpenedLog, openFreshLog } from '../log/open.ts'
import { writeGpx } from '../recordings/write-gpx.ts'

const now = () => Date.UTC(2026, 5, 1)
const readers = openReaders({ now })
let opened: OpenedLog
let port: number
const server = createServer((request, response) => void importFile(request, response, localRider))
let importFile: ReturnType<typeof createImport>
beforeAll(async () => {
  opened = await openFreshLog()
  importFile = createImport({
    readers,
    log: opened.log,
    commands: openCommands(opened.log, rideDecider),
    now,
    rideAtSameTime: async () => undefined,
    pace: { windowMs: 500, windowBytes: 1, windows: 100 },
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(async () => {
  server.close()
  server.closeAllConnections()
  await readers.close()
  await opened?.[Symbol.asyncDispose]()
})

const file = writeGpx(
  simulateRide({
    seed: 12,
    start: { latitude: 46, longitude: 14 },
    startedAt: Date.UTC(2026, 4, 1, 8),
    duration: 60,
  }),
)
const send = () => fetch(`http://127.0.0.1:${port}${importPath}`, { method: 'POST', body: file })

/** All that the server says to a client that sends the first bytes of a file, until the connection is closed. */
function beginToSend(method = 'POST'): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(
    `${method} ${importPath} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: ${file.length}\r\n\r\n<gpx`,
  )
  return text(socket)
}

test('ten who fall silent are told so, and give their places to those who send', async () => {
  const ten = await Promise.all(Array.from({ length: 10 }, () => beginToSend()))
  for (const answer of ten) {
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    expect(answer).toMatch(/\r\nconnection: close\r\n/i)
    expect(answer).toContain('"code":"TOO_SLOW","message":"The file came too slowly')
  }
  expect((await send()).status).toBe(201)
})

test('whoever is refused and goes on slowly is not waited for either', async () => {
  expect(await beginToSend('PUT')).toMatch(/^HTTP\/1\.1 405 .*by POST/s)
})

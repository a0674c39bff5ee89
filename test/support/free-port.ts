/**
 * Ports for what a test starts in another process, which cannot choose one by itself. They are below those that systems
 * hand out to whoever connects or listens on port 0 (from 32768 on Linux, from 49152 on macOS and Windows), so that
 * nothing else comes upon one by chance while the process is still on its way to it.
 */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'

const first = 10_000
const count = 22_000

/** The one of them that `fetch` and browsers refuse ("bad port"). Source: the port blocking of the Fetch Standard. */
const refusedByFetch = 10_080

/** A port of 127.0.0.1 that nothing listens on and that no other test, of this process or another, is given. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = first + Math.floor(Math.random() * count)
    if (port !== refusedByFetch && (await reserve(port)) && (await isFree(port))) return port
  }
  throw new Error('No free port in 200 attempts')
}

/** The same port of UDP, which nothing here uses, is held until this process has ended: a mark that needs no clearing up. */
async function reserve(port: number): Promise<boolean> {
  const mark = createSocket('udp4')
  const bound = once(mark, 'listening')
  mark.bind({ port, address: '127.0.0.1', exclusive: true })
  return bound.then(
    () => {
      mark.unref()
      return true
    },
    () => {
      mark.close()
      return false
    },
  )
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const listening = once(server, 'listening')
  // On every address: the one who comes may ask for all.
  server.listen(port)
  try {
    await listening
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}

/** Those who take their time, and those who take nothing of what they are sent. */
import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { dial } from './wire.ts'

export interface Held {
  readonly sockets: readonly Socket[]
  /** How many of them the server has closed. */
  closed(): number
  close(): void
}

/** Opens many, some at a time: a backlog that is full says nothing of the server. */
export async function holdSockets(url: string, count: number): Promise<Held> {
  const sockets: Socket[] = []
  while (sockets.length < count) {
    const some = Math.min(100, count - sockets.length)
    sockets.push(...(await Promise.all(Array.from({ length: some }, () => dial(url)))))
  }
  // Of one that is not read, nobody learns that it was closed.
  for (const socket of sockets) socket.resume()
  return {
    sockets,
    closed: () => sockets.filter((socket) => socket.destroyed || socket.readableEnded).length,
    close() {
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** Sends each a byte of `text` in turn, without ever coming to the end, for so long. */
export async function drip(
  { sockets }: Held,
  { text, everyMs, forMs }: { readonly text: string; readonly everyMs: number; readonly forMs: number },
): Promise<number> {
  const until = performance.now() + forMs
  let sent = 0
  for (let index = 0; performance.now() < until; index++) {
    for (const socket of sockets) {
      if (socket.destroyed) continue
      socket.write(text.charAt(index % text.length))
      sent++
    }
    await pause(everyMs)
  }
  return sent
}

/** Requests one behind the other without a look at the answers, as long as the system takes them. Gives how many bytes went. */
export async function askWithoutReading(
  url: string,
  { request, forMs }: { readonly request: string; readonly forMs: number },
): Promise<number> {
  const socket = await dial(url)
  socket.pause()
  const until = performance.now() + forMs
  while (performance.now() < until && !socket.destroyed) {
    if (socket.write(request)) await pause(0)
    else await pause(20)
    // What the system takes no more is kept by this process: enough of it.
    if (socket.writableLength > 1024 * 1024) break
  }
  const { bytesWritten, writableLength } = socket
  await pause(Math.max(0, until - performance.now()))
  socket.destroy()
  return bytesWritten - writableLength
}

export interface SocketFlood {
  /** Messages that went, of those that were to. */
  readonly sent: number
  readonly closeCode: number | undefined
}

/** A WebSocket over which messages go as fast as the system takes them, and of which nothing is read where `reads` says so. */
export async function floodSocket(
  url: string,
  {
    message,
    forMs,
    reads,
    headers = {},
  }: {
    readonly message: (index: number) => string
    readonly forMs: number
    readonly reads: boolean
    readonly headers?: Readonly<Record<string, string>>
  },
): Promise<SocketFlood> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws', { headers })
  let closeCode: number | undefined
  socket.on('error', () => undefined)
  socket.on('close', (code) => {
    closeCode = code
  })
  await new Promise<void>((resolve) => {
    socket.once('close', () => resolve())
    socket.once('open', () => socket.send('{"type":"connection_init"}'))
    socket.once('message', () => resolve())
  })
  if (!reads) socket.pause()
  const until = performance.now() + forMs
  let sent = 0
  while (performance.now() < until && socket.readyState === socket.OPEN) {
    for (let burst = 0; burst < 50; burst++) socket.send(message(sent++))
    while (socket.bufferedAmount > 1024 * 1024 && performance.now() < until) await pause(10)
    await pause(0)
  }
  socket.terminate()
  return { sent, closeCode }
}

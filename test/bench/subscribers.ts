/** Many who watch: sockets that count what comes. */
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { credentialsFor } from './credentials.ts'
import { quantile } from './quantile.ts'
import type { Figures } from './rounds.ts'

export interface SubscribersOptions {
  /** ws:… */
  readonly url: string
  readonly count: number
  /** What the one of that number subscribes to; undefined for bare sockets. */
  readonly operation?: (index: number) => unknown
  /** Milliseconds that a message was under way; undefined where it does not say. */
  readonly latencyOf?: (text: string) => number | undefined
}

export interface Subscribers extends AsyncDisposable {
  /** What comes in that time: messages `perSecond`, and `p50` and `p99` of how long they were under way. */
  count(seconds: number): Promise<Figures>
  /** Waits until nothing has come for half a second. */
  silence(): Promise<void>
  /** Says something over one of the sockets. */
  say(text: string): void
}

/** Of so many messages one is looked into: the one who counts must not be what is measured. */
const everyth = 64
const openedAtOnce = 200

export async function subscribe(options: SubscribersOptions): Promise<Subscribers> {
  const { latencyOf } = options
  let received = 0
  let latencies: number[] = []
  let fault: Error | undefined
  const sockets: WebSocket[] = []

  function take(message: Buffer): void {
    received++
    if (received % everyth !== 0) return
    const text = message.toString()
    if (text.includes('"type":"error"') || text.includes('"errors":[')) {
      fault = new Error(`A subscriber was told ${text.slice(0, 300)}`)
    }
    const latency = latencyOf?.(text)
    if (latency !== undefined) latencies.push(latency)
  }

  for (let from = 0; from < options.count; from += openedAtOnce) {
    const some = Array.from({ length: Math.min(openedAtOnce, options.count - from) }, (_, index) =>
      open(options, from + index, take),
    )
    sockets.push(...(await Promise.all(some)))
  }
  return {
    async count(seconds) {
      received = 0
      latencies = []
      const began = performance.now()
      await pause(seconds * 1_000)
      const elapsed = (performance.now() - began) / 1_000
      if (fault !== undefined) throw fault
      const under =
        latencies.length === 0 ? {} : { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) }
      return { perSecond: received / elapsed, ...under }
    },
    async silence() {
      for (let before = -1; before !== received; ) {
        before = received
        await pause(500)
      }
    },
    say(text) {
      sockets[0]?.send(text)
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.terminate()
    },
  }
}

async function open(
  { url, operation }: SubscribersOptions,
  index: number,
  take: (message: Buffer) => void,
): Promise<WebSocket> {
  const protocols = operation === undefined ? [] : ['graphql-transport-ws']
  const socket = new WebSocket(url, protocols, {
    perMessageDeflate: false,
    headers: credentialsFor(url),
  })
  await once(socket, 'open')
  if (operation !== undefined) {
    socket.send('{"type":"connection_init"}')
    await once(socket, 'message')
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: operation(index) }))
  }
  socket.on('message', take)
  // That the server went away is seen in what is missing.
  socket.on('error', () => undefined)
  return socket
}

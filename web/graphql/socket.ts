/**
 * The one WebSocket of the page (graphql-transport-ws). It reconnects for ever: a dashboard left open overnight
 * must be right in the morning.
 */
import { type Client, createClient } from 'graphql-ws'
import { backoffMs, createWait } from './backoff.ts'
import { type Connection, createConnection } from './connection.ts'

/** A ping is sent this often, since a phone that changed networks gets no close event. */
const pingEveryMs = 10_000
/** And this long is waited for the answer before the socket is given up. */
const pongWithinMs = 5_000

export interface Socket {
  readonly client: Client
  readonly connection: Connection
  /** Ends the present wait between two attempts. */
  retryNow(): void
}

export function createSocket(url: string, rideShare?: string): Socket {
  const connection = createConnection(navigator.onLine)
  const wait = createWait()
  let pongDue: ReturnType<typeof setTimeout> | undefined

  const client = createClient({
    url,
    ...(rideShare !== undefined && { connectionParams: { rideShare } }),
    lazy: true,
    // Going from one page to the next ends one subscription before the other begins.
    lazyCloseTimeout: 3_000,
    keepAlive: pingEveryMs,
    connectionAckWaitTimeout: 10_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    // A refused connection is an error event, not a close event, and would be final by default.
    shouldRetry: () => true,
    retryWait: (attempt) => wait.forMs(backoffMs(attempt, Math.random())),
    on: {
      connecting: () => connection.wanted(),
      connected: () => connection.opened(),
      closed: (event) => {
        clearTimeout(pongDue)
        if (isOwnGoodbye(event)) connection.ended()
        else connection.closed()
      },
      error: () => connection.closed(),
      ping: (received) => {
        if (!received) pongDue = setTimeout(() => client.terminate(), pongWithinMs)
      },
      pong: (received) => {
        if (received) clearTimeout(pongDue)
      },
    },
  })

  window.addEventListener('online', () => {
    connection.networkIs(true)
    wait.wake()
  })
  window.addEventListener('offline', () => connection.networkIs(false))

  return { client, connection, retryNow: wait.wake }
}

/** The close that follows the last subscription's end: nothing is wrong. */
function isOwnGoodbye(event: unknown): boolean {
  return event instanceof CloseEvent && event.code === 1000
}

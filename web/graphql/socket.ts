/**
 * The one WebSocket of the page (graphql-transport-ws). It reconnects for ever: a dashboard left open overnight
 * must be right in the morning.
 */
import { type Client, createClient } from 'graphql-ws'
import { backoffMs, createWait } from './backoff.ts'
import { type Connection, createConnection } from './connection.ts'
import { graphql } from './graphql.ts'
import { subscribe } from './subscribe.ts'

/** A ping is sent this often, since a phone that changed networks gets no close event. */
const pingEveryMs = 10_000
/** And this long is waited for the answer before the socket is given up. */
const pongWithinMs = 5_000

export interface Socket {
  readonly client: Client
  readonly connection: Connection
  /** Something was asked for beside the socket, and nobody answered: tries the socket until the server is back. */
  lookOut(): void
  /** Waits before something is asked again; shorter where one is told to retry now, or the server is back. */
  pause(milliseconds: number): Promise<void>
  /** Ends the present waits between two attempts. */
  retryNow(): void
}

export function createSocket(url: string, rideShare?: string): Socket {
  const connection = createConnection(navigator.onLine)
  const wait = createWait()
  let pongDue: ReturnType<typeof setTimeout> | undefined
  let isLookingOut = false

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
      connected: () => {
        connection.opened()
        wait.wake()
      },
      closed: (event) => {
        clearTimeout(pongDue)
        if (isOwnGoodbye(event)) connection.ended()
        else lost()
      },
      error: lost,
      ping: (received) => {
        if (!received) pongDue = setTimeout(() => client.terminate(), pongWithinMs)
      },
      pong: (received) => {
        if (received) clearTimeout(pongDue)
      },
    },
  })

  function lost(): void {
    connection.closed()
    lookOut()
  }

  /** The socket tries again for what waits on it, and some pages subscribe to nothing: the smallest question waits for them. */
  function lookOut(): void {
    if (isLookingOut) return
    isLookingOut = true
    const done = () => {
      isLookingOut = false
    }
    void wait.forMs(backoffMs(0, Math.random())).then(() => {
      if (connection.status.get() === 'connected') return done()
      subscribe(client, backQuery, {}, { next: done, isOver: () => true, refused: done })
    })
  }

  window.addEventListener('online', () => {
    connection.networkIs(true)
    wait.wake()
  })
  window.addEventListener('offline', () => connection.networkIs(false))

  return { client, connection, lookOut, pause: wait.forMs, retryNow: wait.wake }
}

const backQuery = graphql(`query Back { __typename }`)

/** The close that follows the last subscription's end: nothing is wrong. */
function isOwnGoodbye(event: unknown): boolean {
  return event instanceof CloseEvent && event.code === 1000
}

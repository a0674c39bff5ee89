/**
 * How the HTTP server comes to its end. Node's own `close` takes no more connections and cuts those on which nothing is under way;
 * what is under way it answers with `Connection: keep-alive` and then waits for more. Here such an answer says that it is the
 * last, and the connection ends with it. To Node an answer is no longer under way once it was handed over, though most of it may
 * wait for a slow reader: so nothing is cut while there is such a one. And to Node a connection over which nothing was asked yet
 * is not idle, such as a browser opens ahead of its needs.
 *
 * A feed over server-sent events never ends by itself: it is cut, not completed, for its reader shall come back and not believe
 * that he has seen the end.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { type Socket, Server as TcpServer } from 'node:net'
import { spread } from './spread.ts'

export interface Closing {
  /** Told of each request before it is answered. */
  heed(request: IncomingMessage, response: ServerResponse): void
  /** Resolves when all connections are closed; what goes on for longer than `closingTimeMs` is cut. */
  close(): Promise<void>
}

interface Connection {
  /** Until it is answered: nothing is kept of a connection that is idle. */
  newest: ServerResponse | undefined
}

/** How long what is under way may take when the server stops. */
export const closingTimeMs = 4_000
/** What is asked first over a connection may be on its way. */
const firstAskedWithinMs = 500

/** @param isLeaving whether connections shall not be used again, though all is still answered. */
export function openClosing(server: Server, isLeaving: () => boolean): Closing {
  let isClosing = false
  /** Connections that are idle wait for answers that are still being read. */
  let isHeldUp = false
  let isToCut = false
  /**
   * Changed with each connection, not with each request: a map that is written and deleted from all the time leaves its old tables
   * behind, and what is in these (requests, answers) outlives the young garbage.
   */
  const connections = new Map<Socket, Connection>()
  server.on('connection', (socket) => {
    connections.set(socket, { newest: undefined })
    socket.once('close', () => connections.delete(socket))
  })

  function heed({ socket }: IncomingMessage, response: ServerResponse): void {
    const connection = connections.get(socket)
    if (connection !== undefined) {
      connection.newest = response
      response.once('close', () => {
        if (connection.newest === response) connection.newest = undefined
        if (isClosing && (response.shouldKeepAlive || isHeldUp)) cutSoon()
      })
    }
    if (isClosing || isLeaving()) makeLast(response)
  }

  /** Whoever was told already that the connection stays cannot be told otherwise: it is cut behind the answer. */
  function makeLast(response: ServerResponse): void {
    if (!response.headersSent) response.shouldKeepAlive = false
  }

  /** Once for all that end in one turn: it looks at every connection. */
  function cutSoon(): void {
    if (isToCut) return
    isToCut = true
    setImmediate(cutIdle)
  }

  function cutIdle(): void {
    isToCut = false
    isHeldUp = [...connections].some(isBeingRead)
    if (!isHeldUp) server.closeIdleConnections()
  }

  function cutUnused(): void {
    for (const socket of connections.keys()) if (socket.bytesRead === 0) socket.destroy()
  }

  async function close(): Promise<void> {
    isClosing = true
    // Without what Node's server of HTTP does first: it would cut answers.
    const closed = new Promise<void>((resolve) => TcpServer.prototype.close.call(server, () => resolve()))
    const cut = setTimeout(() => server.closeAllConnections(), closingTimeMs)
    const feeds: ServerResponse[] = []
    for (const { newest: response } of connections.values()) {
      if (response === undefined || response.writableEnded) continue
      if (isFeed(response)) feeds.push(response)
      else makeLast(response)
    }
    const cutFirst = setTimeout(cutUnused, firstAskedWithinMs)
    cutIdle()
    await Promise.all([closed, spread(feeds, (feed) => void feed.destroy())])
    clearTimeout(cut)
    clearTimeout(cutFirst)
    // Its timer for slow requests, which would keep it for ever.
    server.close()
  }

  return { heed, close }
}

/** Also where the answer before the newest is, of requests that were sent without waiting. */
function isBeingRead([socket, { newest }]: [Socket, Connection]): boolean {
  return newest !== undefined && (newest.writableEnded || socket.writableLength > 0)
}

function isFeed(response: ServerResponse): boolean {
  return String(response.getHeader('content-type')).startsWith('text/event-stream')
}

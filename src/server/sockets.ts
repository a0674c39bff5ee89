/** WebSockets, on the same path as HTTP: who is let in, that they are still there, and how they are told to go. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { CloseCode, handleProtocols } from 'graphql-ws'
import { type WebSocket, WebSocketServer } from 'ws'
import { bodyBytesBound } from './body.ts'
import type { AddressOf } from './client-address.ts'
import { Connection } from './connection.ts'
import { openFanOut } from './fan-out.ts'
import { type GraphQL, graphqlPath } from './graphql.ts'
import { credentialsOf, type Identify } from './identify.ts'
import { isFromElsewhere } from './origin.ts'
import { closingTimeMs, type Listening, pathOf } from './server.ts'
import { speakProtocol } from './socket-protocol.ts'

export interface Sockets {
  /** Tells clients to connect elsewhere, and closes. */
  close(): Promise<void>
}

/** Each client is asked this often whether it is there. */
const looksApartMs = 12_000
/** Not all of them at once: that would hold up who is sent something at that moment. */
const groups = 12

export function openSockets(
  { server, isAddressee }: Pick<Listening, 'server' | 'isAddressee'>,
  graphql: GraphQL,
  identify: Identify,
  addressOf?: AddressOf,
): Sockets {
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols,
    maxPayload: bodyBytesBound,
    perMessageDeflate: false,
  })
  const protocol = speakProtocol(graphql, identify, openFanOut({ masked: graphql.masked }))
  const connections: readonly Set<Connection>[] = Array.from({ length: groups }, () => new Set())
  let turn = 0
  const looking = setInterval(() => {
    turn = (turn + 1) % groups
    for (const connection of connections[turn] ?? []) connection.look()
  }, looksApartMs / groups)

  function enter(connection: Connection): () => void {
    const smallest = connections.reduce((one, other) => (other.size < one.size ? other : one))
    smallest.add(connection)
    return () => smallest.delete(connection)
  }

  function welcome(socket: WebSocket, stream: Duplex, request: IncomingMessage): void {
    const connection = new Connection(socket, stream)
    const leave = enter(connection)
    const traceparent = request.headers['traceparent']
    // What breaks the WebSocket protocol closes the socket by itself.
    socket.on('error', () => undefined)
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (message) => connection.send(message),
        close: (code, reason) => socket.close(code, reason),
        onMessage(take) {
          socket.on('message', (message) => {
            take(String(message)).catch((error: unknown) => {
              // Says it in the log.
              graphql.masked(error)
              socket.close(CloseCode.InternalServerError, 'Something went wrong on the server')
            })
          })
        },
      },
      {
        connection,
        request: credentialsOf(request, addressOf),
        askLater: () => socket.close(tryAgainLater, 'The server cannot find out who asks. Connect again.'),
        traceparent: typeof traceparent === 'string' ? traceparent : undefined,
      },
    )
    socket.once('close', (code, reason) => {
      leave()
      void closed(code, String(reason))
    })
  }

  server.on('upgrade', (request, stream, head) => {
    const refusal = isAddressee(request) ? whyRefused(request) : '421 Misdirected Request'
    if (refusal !== undefined) refuse(stream, refusal)
    else sockets.handleUpgrade(request, stream, head, (socket) => welcome(socket, stream, request))
  })
  return {
    async close() {
      clearInterval(looking)
      for (const socket of sockets.clients) socket.close(goingAway, 'The server is stopping')
      // A client that sleeps or has lost its network answers nothing any more.
      const cut = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate()
      }, closingTimeMs)
      await new Promise((resolve) => sockets.close(resolve))
      clearTimeout(cut)
    },
  }
}

/** RFC 6455, 7.4.1: the endpoint is going away. graphql-ws clients connect again. */
const goingAway = 1001
/** RFC 6455's register of close codes. They do so after this one too. */
const tryAgainLater = 1013

function whyRefused(request: IncomingMessage): string | undefined {
  if (pathOf(request) !== graphqlPath) return '404 Not Found'
  return isFromElsewhere(request) ? '403 Forbidden' : undefined
}

function refuse(socket: Duplex, status: string): void {
  // The HTTP server listens to this socket no more; a client that resets it must not end the process.
  socket.on('error', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

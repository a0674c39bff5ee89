/** WebSockets, on the same path as HTTP: who is let in, that they are still there, and how they are told to go. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { CloseCode, handleProtocols } from 'graphql-ws'
import { type WebSocket, WebSocketServer } from 'ws'
import { traceOfItem } from '#api/ride-feed.ts'
import type { FanOutSoFar, SocketsNow } from '#telemetry/live.ts'
import { bodyBytesBound } from './body.ts'
import { type AddressOf, clientAddresses } from './client-address.ts'
import { closingTimeMs } from './closing.ts'
import { Connection } from './connection.ts'
import { whileAnswering } from './current-request.ts'
import { openFanOut } from './fan-out.ts'
import { type GraphQL, graphqlPath } from './graphql.ts'
import { credentialsOf, type Identify } from './identify.ts'
import { blockOf } from './limits/address.ts'
import { openCounts } from './limits/counts.ts'
import { watchFlood } from './limits/flood.ts'
import { isUncounted } from './limits/rates.ts'
import { isLoopback } from './loopback.ts'
import { isFromElsewhere } from './origin.ts'
import { type Listening, pathOf } from './server.ts'
import { type Client, speakProtocol } from './socket-protocol.ts'
import { spread } from './spread.ts'

export interface Sockets {
  now(): SocketsNow
  fanOut(): FanOutSoFar
  /** Tells clients to connect elsewhere, each when what it has asked is answered, and closes. */
  close(): Promise<void>
}

/** Each client is asked this often whether it is there. */
const looksApartMs = 12_000
/** Not all of them at once: that would hold up who is sent something at that moment. */
const groups = 12
/** While the server stops. */
const lookForAnswersMs = 20
/** Looks in a row at which nothing was under way: a quarter of an hour. Clients connect again when they have something to ask. */
const mostIdleLooks = 75
/** Of one address, that have not said yet who they are. They have five seconds. */
const mostUnknown = 200

export function openSockets(
  { server, isAddressee }: Pick<Listening, 'server' | 'isAddressee'>,
  graphql: GraphQL,
  identify: Identify,
  addressOf: AddressOf = clientAddresses([]),
): Sockets {
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols,
    maxPayload: bodyBytesBound,
    perMessageDeflate: false,
  })
  const { tracing } = graphql.observing
  const fanOut = openFanOut({ masked: graphql.masked, traceOf: traceOfItem, tracing })
  const protocol = speakProtocol(graphql, identify, fanOut)
  const { policy } = graphql
  const unknown = openCounts(mostUnknown)
  const connections: readonly Set<Looked>[] = Array.from({ length: groups }, () => new Set())
  let turn = 0
  const looking = setInterval(() => {
    turn = (turn + 1) % groups
    for (const looked of connections[turn] ?? []) look(looked)
  }, looksApartMs / groups)

  function look(looked: Looked): void {
    const { connection, client, socket } = looked
    looked.idleLooks = (client.isIdle?.() ?? false) ? looked.idleLooks + 1 : 0
    if (looked.idleLooks > mostIdleLooks) socket.close(normalClosure, 'Nothing was asked for long')
    else connection.look()
  }

  function enter(looked: Looked): () => void {
    const smallest = connections.reduce((one, other) => (other.size < one.size ? other : one))
    smallest.add(looked)
    return () => smallest.delete(looked)
  }

  /** What is called when it is known who comes; undefined where too many have come from there. */
  function meet(request: IncomingMessage): (() => void) | undefined {
    const address = blockOf(addressOf(request))
    // This machine's own, or a proxy's that was not named.
    return isLoopback(address) ? () => undefined : unknown.enter(address)
  }

  function welcome(socket: WebSocket, stream: Duplex, request: IncomingMessage, onKnown: () => void): void {
    const connection = new Connection(socket, stream)
    const flood = watchFlood(policy.limits.messagesPerSecond)
    const leavings: (() => void)[] = []
    let isGone = false
    const traceparent = request.headers['traceparent']
    const client: Client = {
      connection,
      request: credentialsOf(request, addressOf, policy.isTrusted),
      askLater: (reason) => socket.close(tryAgainLater, reason),
      onKnown,
      onGone(leave) {
        if (isGone) leave()
        else leavings.push(leave)
      },
      traceparent: typeof traceparent === 'string' ? traceparent : undefined,
    }
    leavings.push(enter({ connection, client, socket, idleLooks: 0 }))
    // What breaks the WebSocket protocol closes the socket by itself.
    socket.on('error', () => undefined)
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (message) => connection.send(message),
        close: (code, reason) => socket.close(code, reason),
        onMessage(take) {
          socket.on('message', (message) => {
            if (socket.readyState !== socket.OPEN) return
            const isCounted = client.viewer === undefined || !isUncounted(client.viewer)
            if (isCounted && flood.isTooMany()) {
              policy.onRefusal('RATE_LIMITED')
              client.askLater('Too many messages. Connect again, and send fewer.')
              return
            }
            whileAnswering(request, () => take(String(message))).catch((error: unknown) => {
              // Says it in the log.
              graphql.masked(error)
              socket.close(CloseCode.InternalServerError, 'Something went wrong on the server')
            })
          })
        },
      },
      client,
    )
    socket.once('close', (code, reason) => {
      isGone = true
      for (const leave of leavings) leave()
      void closed(code, String(reason))
    })
  }

  /** What was asked is answered first; feeds go on elsewhere. */
  function sendAway(looked: Looked): void {
    const { client, socket } = looked
    if (socket.readyState !== socket.OPEN) return
    if (client.isAnswering?.() ?? false) setTimeout(sendAway, lookForAnswersMs, looked)
    else socket.close(goingAway, 'The server is stopping')
  }

  let isClosing = false
  server.on('upgrade', (request, stream, head) => {
    if (isClosing) return refuse(stream, '503 Service Unavailable')
    const refusal = isAddressee(request) ? whyRefused(request, policy.isTrusted) : '421 Misdirected Request'
    if (refusal !== undefined) {
      if (refusal === foreign) policy.onRefusal('FORBIDDEN')
      return refuse(stream, refusal)
    }
    const known = meet(request)
    if (known === undefined) {
      policy.onRefusal('RATE_LIMITED')
      return refuse(stream, '429 Too Many Requests')
    }
    stream.once('close', known)
    sockets.handleUpgrade(request, stream, head, (socket) => welcome(socket, stream, request, known))
  })
  return {
    now() {
      let full = 0
      let bufferedBytes = 0
      for (const group of connections) {
        for (const { connection, socket } of group) {
          if (connection.isFull) full++
          bufferedBytes += socket.bufferedAmount
        }
      }
      return { open: sockets.clients.size, full, bufferedBytes }
    },
    fanOut: () => fanOut.counts,
    async close() {
      isClosing = true
      clearInterval(looking)
      // A client that sleeps or has lost its network answers nothing any more.
      const cut = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate()
      }, closingTimeMs)
      const closed = new Promise((resolve) => sockets.close(resolve))
      await spread(
        connections.flatMap((group) => [...group]),
        sendAway,
      )
      await closed
      clearTimeout(cut)
    },
  }
}

interface Looked {
  readonly connection: Connection
  readonly client: Client
  readonly socket: WebSocket
  idleLooks: number
}

/** RFC 6455, 7.4.1. */
const normalClosure = 1000
/** The endpoint is going away. graphql-ws clients connect again. */
const goingAway = 1001
/** RFC 6455's register of close codes. They do so after this one too. */
const tryAgainLater = 1013

/** Of a page of another site. */
const foreign = '403 Forbidden'

function whyRefused(request: IncomingMessage, isTrusted: (origin: string) => boolean): string | undefined {
  if (pathOf(request) !== graphqlPath) return '404 Not Found'
  return isFromElsewhere(request, isTrusted) ? foreign : undefined
}

function refuse(socket: Duplex, status: string): void {
  // The HTTP server listens to this socket no more; a client that resets it must not end the process.
  socket.on('error', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

/** GraphQL over WebSocket: the protocol graphql-transport-ws, on the same path and the same yoga instance as HTTP. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type ExecutionArgs, GraphQLError } from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import { bodyBytesBound } from './body.ts'
import { type createGraphQL, graphqlPath } from './graphql.ts'
import { isFromElsewhere } from './origin.ts'
import { closingTimeMs, type Listening, pathOf } from './server.ts'

export interface Sockets {
  /** Tells clients to connect elsewhere, and closes. */
  close(): Promise<void>
}

type Executor = (args: ExecutionArgs) => ReturnType<typeof import('graphql').execute>
interface EnvelopedRoot {
  readonly execute: Executor
  readonly subscribe: Executor
}

export function openSockets(
  { server, isAddressee }: Pick<Listening, 'server' | 'isAddressee'>,
  graphql: ReturnType<typeof createGraphQL>,
): Sockets {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: bodyBytesBound,
    perMessageDeflate: false,
  })
  const disposable = useServer(
    {
      execute: (args) => (args.rootValue as EnvelopedRoot).execute(args),
      subscribe: (args) => (args.rootValue as EnvelopedRoot).subscribe(args),
      async onSubscribe({ extra, connectionParams }, _id, params) {
        const { schema, parse, validate, execute, subscribe, contextFactory } = graphql.getEnveloped({
          req: extra.request,
          socket: extra.socket,
          connectionParams,
          params,
        })
        try {
          const document = parse(params.query)
          const errors = validate(schema, document)
          if (errors.length > 0) return errors
          return {
            schema,
            document,
            operationName: params.operationName ?? null,
            variableValues: params.variables ?? null,
            contextValue: await contextFactory(),
            rootValue: { execute, subscribe },
          }
        } catch (error) {
          if (error instanceof GraphQLError) return [error]
          throw error
        }
      },
    },
    sockets,
  )
  server.on('upgrade', (request, socket, head) => {
    const refusal = isAddressee(request) ? whyRefused(request) : '421 Misdirected Request'
    if (refusal !== undefined) {
      refuse(socket, refusal)
      return
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) =>
      sockets.emit('connection', webSocket, request),
    )
  })
  return {
    async close() {
      for (const socket of sockets.clients) socket.close(goingAway, 'The server is stopping')
      // A client that sleeps or has lost its network answers nothing any more.
      const cut = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate()
      }, closingTimeMs)
      await disposable.dispose()
      clearTimeout(cut)
    },
  }
}

/** RFC 6455, 7.4.1: the endpoint is going away. graphql-ws clients connect again. */
const goingAway = 1001

function whyRefused(request: IncomingMessage): string | undefined {
  if (pathOf(request) !== graphqlPath) return '404 Not Found'
  return isFromElsewhere(request) ? '403 Forbidden' : undefined
}

function refuse(socket: Duplex, status: string): void {
  // The HTTP server listens to this socket no more; a client that resets it must not end the process.
  socket.on('error', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

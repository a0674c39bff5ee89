/** Connections over real sockets, both ends in the test's hands. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type ClientOptions, WebSocket, WebSocketServer } from 'ws'
import { Connection } from '#server/connection.ts'

export interface Pair {
  readonly connection: Connection
  /** The server's end. */
  readonly socket: WebSocket
  /** What the server's end writes to. */
  readonly stream: Duplex
  readonly client: WebSocket
  /** What the client was sent so far. */
  readonly messages: readonly string[]
}

export interface OpenedSockets extends AsyncDisposable {
  connect(options?: ClientOptions): Promise<Pair>
}

export async function openSockets(): Promise<OpenedSockets> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  const clients: WebSocket[] = []
  return {
    async connect(options = {}) {
      const upgraded = new Promise<Pick<Pair, 'connection' | 'socket' | 'stream'>>((resolve) =>
        server.once('upgrade', (request, stream, head) =>
          sockets.handleUpgrade(request, stream, head, (socket) =>
            resolve({ socket, stream, connection: new Connection(socket, stream) }),
          ),
        ),
      )
      const client = new WebSocket(`ws://127.0.0.1:${port}`, options)
      clients.push(client)
      const messages: string[] = []
      client.on('message', (message) => messages.push(String(message)))
      await once(client, 'open')
      return { ...(await upgraded), client, messages }
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.terminate()
      sockets.close()
      server.close()
      server.closeAllConnections()
    },
  }
}

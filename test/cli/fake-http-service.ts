/** As much of the service as takes rides over HTTP, in memory. It keeps what it was told, in that order. */

import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface Told {
  /** Such as `startRide`. */
  readonly field: string
  readonly input: {
    readonly rideId: string
    readonly startedAt?: string
    readonly title?: string
    readonly visibility?: string
    readonly at?: string
    readonly positions?: readonly { readonly at: string; readonly latitude: number }[]
  }
}

export interface FakeHttpService extends AsyncDisposable {
  readonly url: URL
  readonly told: readonly Told[]
  readonly tokens: ReadonlySet<string | undefined>
  /** Connections that were ever opened to it. */
  readonly connections: number
  /** What each ride was told, by its id. */
  readonly rides: () => ReadonlyMap<string, readonly Told[]>
}

export interface FakeHttpOptions {
  /** What it answers instead of taking it. */
  readonly answers?: (told: Told) => { readonly status: number; readonly body: string } | undefined
}

export async function startFakeHttpService({ answers }: FakeHttpOptions = {}): Promise<FakeHttpService> {
  const told: Told[] = []
  const tokens = new Set<string | undefined>()
  let connections = 0

  async function answer(request: IncomingMessage): Promise<{ status: number; body: string }> {
    const { query, variables } = JSON.parse(await text(request))
    const field = /\{\s*(\w+)\(/.exec(query)?.[1] ?? ''
    const one: Told = { field, input: variables.input }
    const other = answers?.(one)
    if (other !== undefined) return other
    told.push(one)
    tokens.add(request.headers.authorization)
    const data = { [field]: { version: told.length, cursor: `after ${told.length}` } }
    return { status: 200, body: JSON.stringify({ data }) }
  }

  const server = createServer(async (request, response) => {
    const { status, body } = await answer(request)
    response.writeHead(status).end(body)
  })
  server.on('connection', () => {
    connections++
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    told,
    tokens,
    get connections() {
      return connections
    },
    rides: () => Map.groupBy(told, ({ input }) => input.rideId),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

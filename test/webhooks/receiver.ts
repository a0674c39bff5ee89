/** A rider's server: keeps what it is sent, and answers as it is told. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface Received {
  readonly headers: IncomingHttpHeaders
  readonly path: string
  readonly body: string
}

export interface Receiver extends AsyncDisposable {
  readonly port: number
  readonly url: string
  readonly received: Received[]
  /** Of the requests to come; after the last one 204. */
  readonly answers: RequestListener[]
  /** When so many have come. */
  count(received: number): Promise<void>
}

export async function openReceiver(): Promise<Receiver> {
  const received: Received[] = []
  const answers: RequestListener[] = []
  let news = Promise.withResolvers<void>()
  const server = createServer(async (request, response) => {
    const body = await text(request)
    received.push({ headers: request.headers, path: request.url ?? '', body })
    const answer = answers.shift() ?? ((_, taken) => taken.writeHead(204).end())
    answer(request, response)
    news.resolve()
    news = Promise.withResolvers()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}/hook?token=of-the-rider`,
    received,
    answers,
    async count(wanted) {
      while (received.length < wanted) await news.promise
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

export const status =
  (code: number, headers: Record<string, string> = {}): RequestListener =>
  (_, response) => {
    response.writeHead(code, headers).end()
  }

/** The HTTP server: which path goes where. WebSockets are taken on by `sockets.ts`. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Exposition } from '#telemetry/metrics.ts'
import { type AccountExport, accountExportPath } from './account-export.ts'
import { type AnswerAuth, isAuthPath } from './auth.ts'
import { type AddressOf, clientAddresses } from './client-address.ts'
import { openClosing } from './closing.ts'
import { namesOf, whileAnswering } from './current-request.ts'
import { type Exports, isExportPath } from './exports.ts'
import type { FaultLog, RequestLog } from './faults.ts'
import { type GraphQL, graphqlPath } from './graphql.ts'
import { securityHeaders } from './headers.ts'
import { answerGraphQL } from './http-road.ts'
import { credentialsOf, type Identification, type Identify } from './identify.ts'
import { type Import, importPath } from './import.ts'
import { admit, headersOf, setHeaders } from './limits/admission.ts'
import { retryAfterHeader, tooOften } from './limits/rate-limited.ts'
import { isLoopback } from './loopback.ts'
import { answerMetrics } from './metrics.ts'
import type { Pages } from './pages.ts'
import { isReferencePath, type Reference } from './reference/reference.ts'
import { refuse, refuseOperation } from './refusal.ts'
import { broadRoadOf } from './road.ts'

export interface ServerOptions {
  /** Left out where this process serves no API. */
  readonly api?: {
    readonly graphql: GraphQL
    readonly pages: Pages
    readonly reference: Reference
    readonly importFile: Import
    readonly exports: Exports
    readonly accountExport: AccountExport
    readonly identify: Identify
    readonly answerAuth: AnswerAuth
    /** How people sign in, for the page; null: nobody does. */
    readonly signIn: () => Promise<SignInOffer | null>
    readonly mapboxAccessToken: string | undefined
  }
  readonly addressOf?: AddressOf
  /** Whether this process can do its work, for `/readyz`; whether to send it requests, for `/readyz?for=traffic`. */
  readonly readiness: (
    what: 'work' | 'traffic',
  ) => Promise<{ readonly isReady: boolean; readonly sentence: string }>
  /** Whether it is about to stop: each answer is the last of its connection. */
  readonly isLeaving?: () => boolean
  readonly onFault: FaultLog
  readonly onRequest?: RequestLog | undefined
  /** Hears of each request by which road it came. */
  readonly onRoad?: (road: string) => void
  /** Left out where metrics are not for whoever reaches this server. */
  readonly metrics?: (() => Promise<Exposition>) | undefined
}

type PromiseOrValue<Value> = Value | Promise<Value>

export interface SignInOffer {
  /** Whether an account can be made with an e-mail and a password. */
  readonly signUp: boolean
  /** Whether there is an OpenID provider to sign in with. */
  readonly provider: boolean
}

export interface Listening {
  readonly server: Server
  readonly port: number
  /** Whether the request is meant for this server: see `addressedTo`. */
  isAddressee(request: IncomingMessage): boolean
  /** Takes no more connections, has the requests under way answered and cuts what goes on for longer: see `closing.ts`. */
  close(): Promise<void>
}

/**
 * No request takes longer to arrive, whatever it is (headers have a minute of it): Node then cuts the connection. It is longer
 * than the import of a file waits, which answers with a sentence.
 */
const requestTimeoutMs = 300_000

/**
 * A client that sends a position every few seconds finds its connection open: Node's five seconds would have it connect anew
 * each time, or send into one that is being closed. Longer than the minute after which proxies let go, so that they do it first.
 */
const keepAliveTimeoutMs = 65_000

/** Headers come at once, or byte by byte from somebody who means to hold the connection. */
const headersTimeoutMs = 20_000
/** A token of a provider may have some kilobytes. */
const headerBytesBound = 16 * 1024
/** Of all kinds; each takes some 10 kB. */
const mostConnections = 50_000

export function listen(
  { host, port, publicUrl }: { host: string; port: number; publicUrl?: string | undefined },
  options: ServerOptions,
): Promise<Listening> {
  const isAddressee = addressedTo(host, publicUrl)
  const bounds = {
    requestTimeout: requestTimeoutMs,
    headersTimeout: headersTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    maxHeaderSize: headerBytesBound,
  }
  const server = createServer(bounds, (request, response) => {
    closing.heed(request, response)
    options.onRequest?.(request, response)
    options.onRoad?.(broadRoadOf(request.url ?? '/'))
    setHeadersBefore(request, response, options)
    if (!isAddressee(request)) {
      const name = request.headers.host ?? 'no name'
      const names = ['127.0.0.1', 'localhost', ...(publicUrl === undefined ? [] : [new URL(publicUrl).host])]
      return text(response, 421, `This server answers to ${names.join(', ')}; not to ${name}.`)
    }
    void whileAnswering(request, () => answer(request, response, options))
  })
  server.maxConnections = mostConnections
  const closing = openClosing(server, options.isLeaving ?? (() => false))
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.removeListener('error', reject)
      const address = server.address()
      resolve({
        server,
        port: typeof address === 'object' && address !== null ? address.port : port,
        isAddressee,
        close: closing.close,
      })
    })
  })
}

/**
 * A server that listens to its own machine only, where nobody signs in, answers only to that machine's names. Otherwise a
 * page from elsewhere could give its own name this machine's address and speak to the server as the local rider ("DNS
 * rebinding"): its origin would be the very name in the header Host. A proxy on the machine asks by the public name.
 */
function addressedTo(host: string, publicUrl: string | undefined): (request: IncomingMessage) => boolean {
  if (!isLoopback(host)) return () => true
  const publicHost = publicUrl && new URL(publicUrl).host
  return ({ headers: { host: name = '' } }) =>
    /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(name) || name === publicHost
}

/** One request that cannot be answered must not take the others with it. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServerOptions,
): Promise<void> {
  try {
    await route(request, response, options)
  } catch (error) {
    options.onFault('A request could not be answered', error, namesOf(request))
    if (response.headersSent) response.destroy()
    else
      text(
        response,
        500,
        `Something went wrong on the server. It has been logged, as ${namesOf(request).requestId}.`,
      )
  }
}

/** A promise only where there is something to wait for: on the way of a mutation each takes its part of a microsecond. */
function route(
  request: IncomingMessage,
  response: ServerResponse,
  { api, readiness, metrics, addressOf = directly }: ServerOptions,
): PromiseOrValue<void> {
  const path = pathOf(request)
  if (path === '/healthz') return text(response, 200, 'alive')
  if (path === '/readyz') {
    const what = request.url === '/readyz?for=traffic' ? 'traffic' : 'work'
    return readiness(what).then(({ isReady, sentence }) => text(response, isReady ? 200 : 503, sentence))
  }
  if (path === '/metrics') {
    return metrics === undefined ? text(response, 404, metricsElsewhere) : answerMetrics(response, metrics)
  }
  if (api === undefined)
    return text(response, 404, 'This process only works on projections; the API is served by another.')
  if (isForSomebody(path)) {
    const { cors, isTrusted } = api.graphql.policy
    const preflight = cors.preflight(request)
    if (preflight !== undefined) {
      response.writeHead(204, { ...preflight, 'content-length': 0 }).end()
      return
    }
    const identified = api.identify(credentialsOf(request, addressOf, isTrusted))
    return identified instanceof Promise
      ? identified.then((found) => routeFor(found, request, response, api))
      : routeFor(identified, request, response, api)
  }
  if (isAuthPath(path)) return api.answerAuth(request, response, path)
  if (path === '/config.json') {
    const { mapboxAccessToken = null } = api
    return api.signIn().then((signIn) => json(response, 200, { mapboxAccessToken, signIn }))
  }
  if (isReferencePath(path)) return api.reference(request, response, path)
  return api.pages.serve(request, response)
}

/** What nearly all requests are says it with its answer, in one piece: to set each header takes a twentieth of a mutation. */
function setHeadersBefore(
  { method, url }: IncomingMessage,
  response: ServerResponse,
  { api }: ServerOptions,
): void {
  if (method === 'POST' && url === graphqlPath) return
  setHeaders(response, api?.graphql.policy.headers ?? securityHeaders({ isSecure: false }))
}

/** Paths whose answer depends on who asks. */
function isForSomebody(path: string): boolean {
  return path === graphqlPath || path === importPath || path === accountExportPath || isExportPath(path)
}

function routeFor(
  identification: Identification,
  request: IncomingMessage,
  response: ServerResponse,
  { graphql, importFile, exports, accountExport }: NonNullable<ServerOptions['api']>,
): PromiseOrValue<void> {
  const path = pathOf(request)
  const { policy } = graphql
  if (identification.outcome !== 'known') {
    setHeaders(response, headersOf(request, policy))
    const say = path === graphqlPath ? refuseOperation : refuse
    if (identification.outcome === 'refused') {
      response.setHeader('www-authenticate', 'Bearer')
      return say(response, { status: 401, code: 'UNAUTHENTICATED', message: identification.message })
    }
    if (identification.outcome === 'too often') {
      const { retryAfter } = identification
      setHeaders(response, retryAfterHeader(retryAfter))
      return say(response, { status: 429, code: 'RATE_LIMITED', message: tooOften(retryAfter), retryAfter })
    }
    response.setHeader('retry-after', 1)
    return say(response, { status: 503, code: 'OVERLOADED', message: unavailable })
  }
  const { viewer } = identification
  if (path === graphqlPath) return answerGraphQL(request, response, graphql, viewer)
  const { headers, refusal } = admit(request, viewer, policy)
  setHeaders(response, headers)
  if (path === importPath) return importFile(request, response, viewer, refusal)
  if (refusal !== undefined) return refuse(response, refusal)
  if (path === accountExportPath) return accountExport(request, response, viewer)
  return exports.handle(request, response, path, viewer)
}

const directly = clientAddresses([])
const metricsElsewhere = 'Metrics are not for whoever reaches this server: set METRICS_PORT, and ask there.'
const unavailable = 'The server cannot find out who asks right now. Send it again in a moment.'

export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/'
}

function text(response: ServerResponse, status: number, body: string): void {
  response
    .writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
    .end(`${body}\n`)
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
    .end(JSON.stringify(body))
}

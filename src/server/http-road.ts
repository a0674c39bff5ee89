/**
 * GraphQL over HTTP. What clients send all day, an operation as JSON in a document that is known already, goes straight to the
 * pieces of the yoga instance; all else (GraphiQL, GET, server-sent events, what comes for the first time or is not right) to
 * yoga's own adapter, which takes several times as long. The answers are the same, byte for byte.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ExecutionResult } from 'graphql'
import type { Viewer } from '#rights/viewer.ts'
import { type RegularType, regularTypeFor } from './accept.ts'
import { bodyBytesBound, readBody } from './body.ts'
import type { GraphQL } from './graphql.ts'
import { graphiqlHeaders } from './headers.ts'
import { knownOperation, type Params } from './known-operation.ts'
import { admit, setHeaders } from './limits/admission.ts'
import { tooMuchToRead } from './limits/document.ts'
import type { RefusalCode } from './refusal.ts'

type Headers = Readonly<Record<string, string>>

const contentTypes = {
  'application/json': 'application/json; charset=utf-8',
  'application/graphql-response+json': 'application/graphql-response+json; charset=utf-8',
} as const satisfies Record<RegularType, string>

export function answerGraphQL(
  request: IncomingMessage,
  response: ServerResponse,
  graphql: GraphQL,
  viewer: Viewer,
): Promise<void> | void {
  const { headers, refusal } = admit(request, viewer, graphql.policy)
  if (refusal !== undefined) {
    const { status, message, code, retryAfter } = refusal
    return refuse(response, headers, status, message, { code, retryAfter })
  }
  if (request.method === 'POST') return answerPost(request, response, graphql, viewer, headers)
  const unreadable = unreadableIn(request)
  if (unreadable !== undefined) {
    return refuse(
      response,
      headers,
      400,
      `\`${unreadable}\` in the address is not JSON. Encode it as a URL's part.`,
    )
  }
  setHeaders(response, headers)
  if (request.method === 'GET') setHeaders(response, graphiqlHeaders)
  return graphql.handle(request, response, viewer)
}

/** Which of what a GET brings as JSON is none: yoga would take that for a fault of the server. */
function unreadableIn({ url = '' }: IncomingMessage): string | undefined {
  const parameters = new URL(url, 'http://localhost').searchParams
  return ['variables', 'extensions'].find((name) => {
    const value = parameters.get(name)
    return value !== null && value !== '' && !isJson(value)
  })
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

async function answerPost(
  request: IncomingMessage,
  response: ServerResponse,
  graphql: GraphQL,
  viewer: Viewer,
  headers: Headers,
): Promise<void> {
  const { 'content-type': type = '', accept } = request.headers
  // A browser sends other types across sites without asking first, so they could carry a mutation in a rider's name.
  if (!/^application\/(graphql\+)?json\b/i.test(type)) {
    return refuse(
      response,
      headers,
      415,
      'Send the operation as JSON, with the header "Content-Type: application/json".',
    )
  }
  let body: Buffer | 'too large'
  try {
    body = await readBody(request, bodyBytesBound)
  } catch {
    request.destroy() // the client went away in the middle of its body
    return
  }
  if (body === 'too large') {
    response.setHeader('connection', 'close')
    return refuse(response, headers, 413, 'The request is over 1 MiB. Send fewer positions at a time.')
  }
  const params = jsonObject(body)
  if (params === undefined) {
    return refuse(
      response,
      headers,
      400,
      'The body is not a JSON object. Send {"query": "…", "variables": {…}}.',
    )
  }
  // Yoga's adapter would turn it over several times before it comes to it.
  const tooMuch = tooMuchToRead(params)
  if (tooMuch !== undefined) {
    graphql.policy.onRefusal('TOO_COMPLEX')
    return refuse(response, headers, 400, tooMuch, { code: 'TOO_COMPLEX' })
  }
  const accepted = regularTypeFor(accept)
  const operation = isYogasJson(type) ? knownOperation(params, graphql) : undefined
  if (accepted !== undefined && operation !== undefined) {
    const result = await graphql.executeKnown(operation, { req: request, params, viewer })
    if (result.errors !== undefined) return sendRegular(response, headers, accepted, result, graphql)
    return write(response, 200, headers, contentTypes[accepted], JSON.stringify(result))
  }
  // As it was read: of bytes the adapter lists each one's place. Of an object without members it believes that it is still to come.
  Object.assign(request, { body: isEmpty(params) ? body : params })
  setHeaders(response, headers)
  return graphql.handle(request, response, viewer)
}

function isEmpty(params: Params): boolean {
  for (const _ in params) return false
  return true
}

/** Yoga knows these types as they stand here, and others not at all. */
function isYogasJson(type: string): boolean {
  return type === 'application/json' || /^application\/(graphql\+)?json(;|,|$)/.test(type)
}

function jsonObject(body: Buffer): Params | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString())
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Params)
      : undefined
  } catch {
    return undefined
  }
}

/** What errors make of the status and the headers, yoga says. */
async function sendRegular(
  response: ServerResponse,
  headers: Headers,
  accepted: RegularType,
  result: ExecutionResult,
  { responseTo }: GraphQL,
): Promise<void> {
  const answer = responseTo(result, accepted)
  const { 'content-type': type = contentTypes[accepted], ...own } = Object.fromEntries(answer.headers)
  write(response, answer.status, { ...headers, ...own }, type, await answer.text())
}

function refuse(
  response: ServerResponse,
  headers: Headers,
  status: number,
  message: string,
  extensions: { readonly code: RefusalCode; readonly retryAfter?: number | undefined } = {
    code: 'INVALID_INPUT',
  },
): void {
  const body = JSON.stringify({ errors: [{ message, extensions }] })
  write(response, status, { ...headers, 'cache-control': 'no-store' }, contentTypes['application/json'], body)
}

function write(response: ServerResponse, status: number, headers: Headers, type: string, body: string): void {
  // The client may be gone: nobody is there to be answered, and what it asked for is done.
  if (response.destroyed) return
  const length = Buffer.byteLength(body)
  response.writeHead(status, { ...headers, 'content-type': type, 'content-length': length }).end(body)
}

/** What people sign up, in and out by: the few paths of better-auth's that our page uses, below /api/auth. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isUnavailable } from '#database/faults.ts'
import type { Accounts } from '#identity/accounts.ts'
import { addressHeader, basePath, oidcProviderId } from '#identity/paths.ts'
import { readBody } from './body.ts'
import type { AddressOf } from './client-address.ts'
import { retryAfterHeader, tooOften } from './limits/rate-limited.ts'
import { isFromElsewhere } from './origin.ts'
import { type Refusal, refuse } from './refusal.ts'

/** The others are not asked for by anybody, and what nobody needs nobody can abuse. */
const methods: Readonly<Record<string, 'GET' | 'POST'>> = {
  '/sign-up/email': 'POST',
  '/sign-in/email': 'POST',
  '/sign-in/social': 'POST',
  [`/callback/${oidcProviderId}`]: 'GET',
  '/sign-out': 'POST',
  '/get-session': 'GET',
  '/change-password': 'POST',
  '/update-user': 'POST',
  '/list-accounts': 'GET',
  '/delete-user': 'POST',
}

/** An e-mail and a password. */
const bodyBytesBound = 16 * 1024

export function isAuthPath(path: string): boolean {
  return path.startsWith(`${basePath}/`)
}

export type AnswerAuth = (request: IncomingMessage, response: ServerResponse, path: string) => Promise<void>

export interface AuthOptions {
  /** The origin that browsers see, also where a proxy asks for another; undefined: the one that each asks for. */
  readonly publicUrl: string | undefined
  readonly addressOf: AddressOf
  /** Somebody is not let in, by the code that he would be told elsewhere. */
  readonly onRefusal?: (code: string) => void
}

/** Where nobody signs in, `accounts` is undefined. */
export function createAuth(
  accounts: Accounts | undefined,
  { publicUrl, addressOf, onRefusal }: AuthOptions,
): AnswerAuth {
  // Pages of CORS_ORIGINS may act in a rider's name, but sign nobody in.
  const isOurs = (origin: string) => origin === publicUrl
  return async (request, response, path) => {
    const method = methods[path.slice(basePath.length)]
    if (accounts === undefined || method === undefined) return no(response, noSuchPath)
    if (request.method !== method) {
      response.setHeader('allow', method)
      return no(response, { ...wrongMethod, message: `Ask for this by ${method}.` })
    }
    // A provider sends people back by GET, from its own site.
    if (method === 'POST') {
      if (isFromElsewhere(request, isOurs)) return no(response, fromElsewhere)
      if (publicUrl !== undefined && isOfAnother(request, publicUrl)) {
        return no(response, atAnotherAddress(publicUrl))
      }
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
      return no(response, tooLarge)
    }
    try {
      await send(response, await accounts.handle(asked(request, method, body)))
    } catch (error) {
      if (!isUnavailable(error)) throw error
      response.setHeader('retry-after', 1)
      no(response, overloaded)
    }
  }

  function no(response: ServerResponse, refusal: Refusal): void {
    onRefusal?.(refusal.code)
    refuse(response, refusal)
  }

  async function send(response: ServerResponse, answer: Response): Promise<void> {
    const { status, headers } = answer
    const body = Buffer.from(await answer.arrayBuffer())
    for (const [name, value] of headers) {
      if (name !== 'set-cookie' && name !== 'x-retry-after') response.setHeader(name, value)
    }
    const cookies = headers.getSetCookie()
    if (cookies.length > 0) response.setHeader('set-cookie', cookies)
    if (status === 401) onRefusal?.('UNAUTHENTICATED')
    if (status === 403) onRefusal?.('FORBIDDEN')
    if (status === 429) {
      const retryAfter = Number(headers.get('x-retry-after') ?? usualRetryAfter)
      for (const [name, value] of Object.entries(retryAfterHeader(retryAfter)))
        response.setHeader(name, value)
      return no(response, { status, code: 'RATE_LIMITED', message: tooOften(retryAfter), retryAfter })
    }
    response.writeHead(status, {
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
    response.end(body)
  }

  function asked(request: IncomingMessage, method: 'GET' | 'POST', body: Buffer): Request {
    const { host = 'localhost', cookie, origin, 'content-type': type } = request.headers
    const { pathname, search } = new URL(request.url ?? '/', 'http://localhost')
    const headers = new Headers({ [addressHeader]: addressOf(request), accept: 'application/json' })
    for (const [name, value] of Object.entries({ cookie, origin, 'content-type': type })) {
      if (value !== undefined) headers.set(name, value)
    }
    const address = `${publicUrl ?? `http://${host}`}${pathname}${search}`
    return new Request(address, { method, headers, ...(method === 'POST' && { body: new Uint8Array(body) }) })
  }
}

/** A page of this server, by an address that it is not known by: its cookies would be for the other one. */
function isOfAnother({ headers: { origin } }: IncomingMessage, publicUrl: string): boolean {
  return origin !== undefined && new URL(origin).host !== new URL(publicUrl).host
}

function atAnotherAddress(publicUrl: string): Refusal {
  return {
    status: 403,
    code: 'FORBIDDEN',
    message: `People sign in at ${publicUrl}, and this page is of another address. Go there; if that is the wrong one, whoever runs the server has to set PUBLIC_URL right.`,
  }
}

/** Seconds, where the library says nothing. */
const usualRetryAfter = 60

const noSuchPath: Refusal = {
  status: 404,
  code: 'INVALID_INPUT',
  message: 'There is nothing at this address. Where people sign in, /sign-in is the page for it.',
}
const wrongMethod = { status: 405, code: 'INVALID_INPUT' } as const
const fromElsewhere: Refusal = {
  status: 403,
  code: 'FORBIDDEN',
  message: 'A page of another site may not sign anybody in here.',
}
const tooLarge: Refusal = { status: 413, code: 'INVALID_INPUT', message: 'This is too long to be a sign-in.' }
const overloaded: Refusal = {
  status: 503,
  code: 'OVERLOADED',
  message: 'The server cannot take this on right now. Try again in a moment.',
}

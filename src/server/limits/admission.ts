/** What is judged of each request over HTTP before it is read, and what is said with its answer. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Viewer } from '#rights/viewer.ts'
import { isFromElsewhere } from '#server/origin.ts'
import type { Refusal } from '#server/refusal.ts'
import { nothing } from './cors.ts'
import type { Policy } from './policy.ts'
import { retryAfterHeader, tooOften } from './rate-limited.ts'
import { isUncounted } from './rates.ts'

export interface Admission {
  /** Of the answer, whatever it is. */
  readonly headers: Readonly<Record<string, string>>
  /** Undefined: it may go on, and was counted. */
  readonly refusal: Refusal | undefined
}

export function admit(request: IncomingMessage, viewer: Viewer, policy: Policy): Admission {
  if (isForeign(request, viewer, policy)) {
    policy.onRefusal(foreign.code)
    return { headers: headersOf(request, policy), refusal: foreign }
  }
  const allowance = policy.rates.of(viewer)
  const headers = headersOf(request, policy)
  if (allowance === undefined) return { headers, refusal: undefined }
  const retryAfter = allowance.takeRequest()
  const counted = { ...headers, ...allowance.headers() }
  if (retryAfter === undefined) return { headers: counted, refusal: undefined }
  policy.onRefusal('RATE_LIMITED')
  return {
    headers: { ...counted, ...retryAfterHeader(retryAfter) },
    refusal: { status: 429, code: 'RATE_LIMITED', message: tooOften(retryAfter), retryAfter },
  }
}

/** Of an answer to a request from there, whoever asks. */
export function headersOf(
  { headers: { origin } }: IncomingMessage,
  { cors, headers }: Policy,
): Readonly<Record<string, string>> {
  const granted = cors.headersFor(origin)
  return granted === nothing ? headers : { ...headers, ...granted }
}

export function setHeaders(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  for (const name in headers) response.setHeader(name, headers[name] ?? '')
}

/**
 * Whether a page of another site asks for something in the name of whoever looks at it, or to be shown it. A page that brings a
 * credential by itself has it from its rider. Where all pages may ask, they ask as nobody: the local rider's rides are his alone,
 * whatever the method, for an answer that all may read is read. Without a grant it is what changes something that is kept out.
 */
function isForeign(request: IncomingMessage, viewer: Viewer, { cors, isTrusted }: Policy): boolean {
  if (request.headers.authorization !== undefined) return false
  if (!isFromElsewhere(request, isTrusted)) return false
  const isSomebody = viewer.riderId !== null || isUncounted(viewer)
  return request.method === 'POST' ? isSomebody || !cors.isOpen : isSomebody && !isFollowedLink(request)
}

/** The answer is shown to whoever followed it, not to the page where it stood. Pages cannot write these headers. */
function isFollowedLink({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.origin === undefined && headers['sec-fetch-mode'] === 'navigate'
}

const foreign: Refusal = {
  status: 403,
  code: 'FORBIDDEN',
  message: "A page of another site may not do this here. The server's CORS_ORIGINS has to name its origin.",
}

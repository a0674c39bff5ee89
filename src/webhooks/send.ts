/**
 * One request to a rider's server. Its name is looked up here, every address that it has is judged, and the connection is made
 * to one of just these: what the name leads to a moment later (DNS rebinding) changes nothing. No redirect is followed, for it
 * would lead past all this. Of the answer the status counts; what else there is, is read for politeness, and not far.
 */
import { lookup, Resolver } from 'node:dns/promises'
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { isPublicAddress } from './addresses.ts'
import { faultOfUrl, hostOf, type Permission, portOf } from './target.ts'

export type SendFailure =
  | 'ADDRESS_NOT_ALLOWED'
  | 'NAME_NOT_FOUND'
  | 'CONNECTION_REFUSED'
  | 'CONNECTION_LOST'
  | 'TLS'
  | 'TIMEOUT'
  | 'REDIRECT'
  | 'STATUS'
  /** Ours cannot be read: AUTH_SECRET is another one than when it was made. */
  | 'SECRET_UNREADABLE'

export interface SendOutcome {
  /** Undefined: it was taken. */
  readonly failure: SendFailure | undefined
  /** Undefined where there was no answer. */
  readonly status: number | undefined
  readonly durationMs: number
}

/** All addresses of a name. */
export type Resolve = (name: string) => Promise<readonly string[]>

export interface SendOptions extends Permission {
  readonly resolve: Resolve
  readonly timeoutMs: number
  /** Aborts where the process stops: then `send` rejects, for nothing is known. */
  readonly signal: AbortSignal
}

export interface SignedMessage {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const longestAnswerBytes = 64 * 1024

const nameServer = { timeout: 2_000, tries: 2 }

/**
 * Asks the name servers. (The system's own look-up has four threads for the whole process: a few riders whose name servers do
 * not answer would hold up whoever reads files or checks passwords.)
 */
export async function resolveByDns(name: string): Promise<string[]> {
  const resolver = new Resolver(nameServer)
  const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
  const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
  const [first] = answers
  if (addresses.length === 0 && first.status === 'rejected') throw first.reason
  return addresses
}

/** Knows the names of one's own network too, wherever they are written down. */
export async function resolveBySystem(name: string): Promise<string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => address)
}

export async function send(message: SignedMessage, options: SendOptions): Promise<SendOutcome> {
  const begun = performance.now()
  const ending = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)])
  const outcome = (failure: SendFailure | undefined, status?: number): SendOutcome => ({
    failure,
    status,
    durationMs: Math.round(performance.now() - begun),
  })
  try {
    const addresses = await unlessAborted(addressesOf(message.url, options), ending)
    if (addresses === undefined) return outcome('ADDRESS_NOT_ALLOWED')
    const status = await post(message, addresses, ending)
    return outcome(failureOfStatus(status), status)
  } catch (error) {
    options.signal.throwIfAborted()
    return outcome(ending.aborted ? 'TIMEOUT' : failureOf(error))
  }
}

/** Those that may be connected to; undefined where not all of them may: such a name is up to something. */
async function addressesOf(url: string, options: SendOptions): Promise<readonly string[] | undefined> {
  if (faultOfUrl(url, options) !== undefined) return undefined
  const host = hostOf(new URL(url))
  const addresses = isIP(host) !== 0 ? [host] : await options.resolve(host).catch(nameNotFound)
  if (addresses.length === 0) nameNotFound()
  return options.allowPrivate || addresses.every(isPublicAddress) ? addresses : undefined
}

function post(
  { url: text, headers, body }: SignedMessage,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const url = new URL(text)
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const sending: ClientRequest = request(
      {
        host: hostOf(url),
        port: portOf(url),
        path: `${url.pathname}${url.search}`,
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        lookup: onlyTo(addresses),
        // A connection of its own, made by the look-up above and closed behind it.
        agent: false,
        signal,
      },
      (answer) => finish(answer, signal, resolve),
    )
    sending.on('error', reject)
    sending.end(body)
  })
}

/** Answers what was judged, whatever is asked. */
function onlyTo(addresses: readonly string[]): LookupFunction {
  const judged = addresses.map((address) => ({ address, family: isIP(address) }))
  return (_, { all }, answer) => {
    const [first] = judged
    return all === true ? answer(null, judged) : answer(null, first?.address ?? '', first?.family)
  }
}

/** Whatever the name servers say, or that they do not answer. */
class NameNotFound extends Error {}

function nameNotFound(): never {
  throw new NameNotFound('The name leads nowhere')
}

/** The status is known; a body that is long, slow or broken off does not change it. */
function finish(answer: IncomingMessage, signal: AbortSignal, resolve: (status: number) => void): void {
  const status = answer.statusCode ?? 0
  let bytes = 0
  const end = () => {
    answer.destroy()
    resolve(status)
  }
  signal.addEventListener('abort', end, { once: true })
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > longestAnswerBytes) end()
  })
  answer.on('end', end)
  answer.on('error', end)
  answer.on('close', end)
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort)
  if (signal.aborted) abort()
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

function failureOfStatus(status: number): SendFailure | undefined {
  if (status >= 200 && status < 300) return undefined
  return status >= 300 && status < 400 ? 'REDIRECT' : 'STATUS'
}

function failureOf(error: unknown): SendFailure {
  // Of several addresses none was reached.
  if (error instanceof AggregateError && error.errors.length > 0) return failureOf(error.errors[0])
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (error instanceof NameNotFound) return 'NAME_NOT_FOUND'
  if (/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)/.test(code)) return 'CONNECTION_REFUSED'
  if (code === 'ETIMEDOUT') return 'TIMEOUT'
  const isTls = /^(ERR_TLS|ERR_SSL|EPROTO|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH)/.test(
    code,
  )
  return isTls ? 'TLS' : 'CONNECTION_LOST'
}

/**
 * One WebSocket to the service, speaking graphql-transport-ws. It connects when something is sent and reports
 * a loss as a value instead of retrying by itself: when to send again, and what, is the queue's to decide.
 */

import { type Client, createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { addressBelow } from '#cli/address.ts'
import type { Execution, ExecutionError, Operation } from './operations.ts'

export interface Connection {
  /** Carries out one operation and brings back its one result. */
  readonly execute: (operation: Operation) => Promise<Execution>
  /** Hands each result of a subscription on, until it completes, breaks or the signal aborts. */
  readonly subscribe: (
    operation: Operation,
    onResult: (data: unknown, errors: readonly ExecutionError[]) => void,
    signal: AbortSignal,
  ) => Promise<Ending>
  readonly close: () => Promise<void>
}

export type Ending = { readonly kind: 'complete' } | Exclude<Execution, { kind: 'result' }>

export interface ConnectionOptions {
  /** Of the service, as in a browser: http or https. */
  readonly url: URL
  readonly token: string | undefined
  /** An operation without an answer for this long counts as lost. */
  readonly answerTimeoutMs?: number
}

/**
 * The service answers in milliseconds, or says that it cannot; after this long the answer got lost on the
 * way.
 */
const defaultAnswerTimeoutMs = 30_000
const handshakeTimeoutMs = 10_000
/** A network that went away without a word is noticed within the sum of these. */
const pingEveryMs = 10_000
const pongWithinMs = 5_000

export function openConnection(options: ConnectionOptions): Connection {
  const { token, answerTimeoutMs = defaultAnswerTimeoutMs } = options
  const client = createClient({
    url: webSocketUrl(options.url),
    webSocketImpl: ImpatientWebSocket,
    ...(token === undefined ? {} : { connectionParams: { authorization: `Bearer ${token}` } }),
    // Not lazy, so that the socket stays open between two uploads. Losses reach us through the operations'
    // own sinks.
    lazy: false,
    onNonLazyError: () => {},
    retryAttempts: 0,
    connectionAckWaitTimeout: handshakeTimeoutMs,
    keepAlive: pingEveryMs,
  })
  terminateWithoutPong(client)
  return {
    execute: (operation) => execute(client, operation, answerTimeoutMs),
    subscribe: (operation, onResult, signal) => {
      return new Promise((resolve) => {
        const unsubscribe = client.subscribe<unknown>(payloadOf(operation), {
          next: ({ data, errors }) => onResult(data, plain(errors)),
          error: (error) => resolve(endingOf(error)),
          complete: () => resolve({ kind: 'complete' }),
        })
        signal.addEventListener('abort', unsubscribe, { once: true })
      })
    },
    close: async () => {
      await client.dispose()
    },
  }
}

/** `https://host/base/` → `wss://host/base/graphql` */
export function webSocketUrl(url: URL): string {
  const target = addressBelow(url, 'graphql')
  target.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return target.href
}

/** The address of a ride's page. */
export function pageUrl(url: URL, rideId: string): string {
  return addressBelow(url, `rides/${rideId}`).href
}

class ImpatientWebSocket extends WebSocket {
  constructor(address: string | URL, protocols?: string | string[]) {
    super(address, protocols, { handshakeTimeout: handshakeTimeoutMs, perMessageDeflate: false })
    // A socket given up while it connects reports that as an error after the library stopped listening:
    // without a listener of its own it would end the process.
    this.on('error', () => {})
  }
}

function terminateWithoutPong(client: Client): void {
  let overdue: NodeJS.Timeout | undefined
  client.on('ping', (received) => {
    if (!received) overdue = setTimeout(() => client.terminate(), pongWithinMs)
  })
  client.on('pong', (received) => {
    if (received) clearTimeout(overdue)
  })
  client.on('closed', () => clearTimeout(overdue))
}

function execute(client: Client, operation: Operation, timeoutMs: number): Promise<Execution> {
  return new Promise((resolve) => {
    let result: Execution = { kind: 'lost', message: 'the server closed the connection' }
    const settle = (execution: Execution): void => {
      clearTimeout(overdue)
      resolve(execution)
    }
    const overdue = setTimeout(() => {
      result = { kind: 'lost', message: `the server gave no answer for ${timeoutMs / 1_000} s` }
      // A socket on which nothing comes back is not worth keeping.
      client.terminate()
      settle(result)
    }, timeoutMs)
    client.subscribe<unknown>(payloadOf(operation), {
      next: ({ data, errors }) => {
        result = { kind: 'result', data, errors: plain(errors) }
      },
      error: (error) => settle(endingOf(error)),
      complete: () => settle(result),
    })
  })
}

function payloadOf({ query, variables }: Operation) {
  return { query, variables }
}

function plain(errors: readonly ExecutionError[] | undefined): readonly ExecutionError[] {
  return (errors ?? []).map(({ message, extensions }) => ({ message, extensions }))
}

/** Close codes of graphql-transport-ws after which the same client would be turned away again. */
const turnedAway: ReadonlyMap<number, string> = new Map([
  [4400, 'the server did not understand the client'],
  [4401, 'the server wants a valid token: give it by --token or SLIPSTREAM_TOKEN'],
  [4403, 'the server wants a valid token: give it by --token or SLIPSTREAM_TOKEN'],
  [4406, 'the server speaks another protocol'],
])

/**
 * What the library hands to a sink: errors of the operation, a close event, or an error event of the socket.
 */
function endingOf(error: unknown): Exclude<Execution, { kind: 'result' }> {
  if (Array.isArray(error)) {
    const messages = error.map(({ message }: ExecutionError) => message)
    return { kind: 'rejected', message: `the server does not take this operation: ${messages.join('; ')}` }
  }
  if (!isRecord(error)) return { kind: 'lost', message: String(error) }
  const { code, reason, message, error: cause } = error
  if (typeof code === 'number') {
    const verdict = turnedAway.get(code)
    const because = typeof reason === 'string' && reason !== '' ? reason : `close code ${code}`
    return verdict === undefined
      ? { kind: 'lost', message: `the connection closed (${because})` }
      : { kind: 'rejected', message: `${verdict} (${because})` }
  }
  // Where a name has several addresses the socket's error has no message, only what they failed of in common.
  const text = message || causeOf(cause) || 'unknown error'
  const status = unexpectedStatus.exec(String(text))?.[1]
  if (status !== undefined) {
    const message = `it answers ${status} to a WebSocket`
    return { kind: 'lost', message, isUnreachable: true, isSomethingElse: true }
  }
  return { kind: 'lost', message: `no connection (${String(text)})`, isUnreachable: true }
}

/** As the library `ws` says it. Behind a proxy a 5xx is the word of one that does not reach its Slipstream. */
const unexpectedStatus = /^Unexpected server response: ([1-4]\d\d)$/

/** Such as ECONNREFUSED. */
function causeOf(cause: unknown): unknown {
  if (!isRecord(cause)) return undefined
  const { code } = cause
  return code
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

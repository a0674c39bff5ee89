/**
 * Operations as HTTP requests over a few connections that stay open: so a thousand riders cost the server what a thousand
 * uploads cost, and not their sockets. A loss is reported as a value; when to send again is the queue's to decide.
 */

import * as http from 'node:http'
import * as https from 'node:https'
import { addressBelow } from '#cli/address.ts'
import type { Execution, ExecutionError, Operation } from '#cli/ride/operations.ts'

export interface Requests {
  readonly execute: (operation: Operation) => Promise<Execution>
  readonly close: () => void
}

export interface RequestsOptions {
  /** Of the service, as in a browser: http or https. */
  readonly url: URL
  readonly token: string | undefined
  readonly connections: number
}

/** The service answers in milliseconds, or says that it cannot. */
const answerTimeoutMs = 30_000

export function openRequests({ url, token, connections }: RequestsOptions): Requests {
  const { Agent, request } = url.protocol === 'https:' ? https : http
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const target = addressBelow(url, 'graphql')
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  }

  function execute({ query, variables }: Operation): Promise<Execution> {
    const body = Buffer.from(JSON.stringify({ query, variables }))
    return new Promise((resolve) => {
      const lost = (error: Error): void => resolve(lossOf(error))
      const sent = request(
        target,
        {
          method: 'POST',
          agent,
          headers: { ...headers, 'content-length': body.length },
          timeout: answerTimeoutMs,
        },
        (response) => {
          const parts: Buffer[] = []
          response.on('data', (part: Buffer) => parts.push(part))
          response.on('error', lost)
          response.on('end', () => {
            resolve(executionOf(response.statusCode ?? 0, Buffer.concat(parts).toString()))
          })
        },
      )
      sent.on('timeout', () => sent.destroy(new Error(`no answer for ${answerTimeoutMs / 1_000} s`)))
      sent.on('error', lost)
      sent.end(body)
    })
  }

  return { execute, close: () => agent.destroy() }
}

/** What came back: GraphQL's answer whatever the status, or the word of something that speaks no GraphQL. */
function executionOf(status: number, text: string): Execution {
  const answer = parsed(text)
  if (answer !== undefined) return { kind: 'result', ...answer }
  const message = `it answers ${status} to a GraphQL request`
  // Behind a proxy a 5xx is the word of one that does not reach its Slipstream.
  if (status >= 500) return { kind: 'lost', message, isUnreachable: true }
  return { kind: 'lost', message, isUnreachable: true, isSomethingElse: true }
}

function parsed(text: string): { data: unknown; errors: readonly ExecutionError[] } | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
  if (typeof value !== 'object' || value === null) return undefined
  if ('errors' in value && Array.isArray(value.errors)) return { data: undefined, errors: value.errors }
  return 'data' in value ? { data: value.data, errors: [] } : undefined
}

function lossOf(error: Error): Execution {
  const code = 'code' in error ? error.code : undefined
  const isUnreachable = code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EHOSTUNREACH'
  const message = `no connection (${error.message || String(code)})`
  return { kind: 'lost', message, ...(isUnreachable && { isUnreachable }) }
}

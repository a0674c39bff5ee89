/** What is not done over HTTP is said as a mutation's error says it: a code for programs, a sentence for people. */
import type { ServerResponse } from 'node:http'
import type { ErrorCode } from '#api/enums.ts'

/** A request for GraphQL is read in no time; only of a file it can be said that it came too slowly, or what time it is of. */
export type RefusalCode = ErrorCode | 'TOO_SLOW' | 'RIDE_AT_SAME_TIME'

export interface Refusal {
  readonly status: number
  readonly code: RefusalCode
  /** What is the matter, and what to do. */
  readonly message: string
  /** Seconds. */
  readonly retryAfter?: number | undefined
}

export function refuse(response: ServerResponse, { status, code, message, retryAfter }: Refusal): void {
  send(response, status, { code, message, retryAfter })
}

/** As GraphQL says it. */
export function refuseOperation(response: ServerResponse, refusal: Refusal): void {
  const { status, code, message, retryAfter } = refusal
  send(response, status, { errors: [{ message, extensions: { code, retryAfter } }] })
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    .end(JSON.stringify(body))
}

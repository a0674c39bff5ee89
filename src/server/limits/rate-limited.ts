/** What is said to whoever asks too often, as a GraphQL error. */
import { GraphQLError } from 'graphql'
import type { ErrorCode } from '#api/enums.ts'

const code: ErrorCode = 'RATE_LIMITED'

/** @param retryAfter seconds. */
export function rateLimited(retryAfter: number, message = tooOften(retryAfter)): GraphQLError {
  const headers = retryAfterHeader(retryAfter)
  return new GraphQLError(message, { extensions: { code, retryAfter, http: { status: 429, headers } } })
}

export function tooOften(retryAfter: number): string {
  return `Too many requests. Send it again after ${retryAfter} seconds.`
}

/** Whole seconds (RFC 9110, 10.2.3). */
export function retryAfterHeader(retryAfter: number): { 'retry-after': string } {
  return { 'retry-after': String(Math.ceil(retryAfter)) }
}

/** What an answer to a step means for the queue. Nothing here is sent again that would be refused again. */
import type { Answer } from '../graphql/client.ts'
import type { RideStatus } from '../rides/documents.ts'
import type { Refusal } from './entries.ts'
import type { SentStep } from './next-step.ts'

export type Meaning =
  /** The server has it. */
  | { readonly kind: 'answered' }
  /** Nobody answered, or it was too much: the same again, later. */
  | { readonly kind: 'again'; readonly retryAfterMs: number | null }
  /** It is to be known who is signed in before it can be said what this means. */
  | { readonly kind: 'who'; readonly refusal: Refusal }
  /** The ride was paused elsewhere, later than is known here: it has to go on before this is taken. */
  | { readonly kind: 'paused'; readonly refusal: Refusal }
  /** A later command was given elsewhere: it is taken with a later time. */
  | { readonly kind: 'too early'; readonly refusal: Refusal }
  /** The server does not understand it: a newer page says it otherwise. */
  | { readonly kind: 'old page' }
  /** This upload is not taken; what stands behind it may be. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** Nothing of this ride is taken any more. */
  | { readonly kind: 'stopped'; readonly refusal: Refusal }

/** A member of a command's result: its payload has neither code nor message. */
export interface Result {
  readonly __typename: string
  readonly code?: string
  readonly message?: string
  readonly retryAfter?: number
  readonly status?: RideStatus
}

/** What the ride has come to where the command was given before: it is as if it was done now. */
const reached: Readonly<Record<string, readonly RideStatus[]>> = {
  pause: ['PAUSED'],
  resume: ['ACTIVE'],
  end: ['ENDED', 'FINISHED'],
}

export function meaningOf(kind: SentStep['kind'], answer: Answer<Result>): Meaning {
  if (!answer.ok) {
    const { failure } = answer
    if (failure.kind === 'again') return failure
    if (failure.kind === 'restart' || failure.code === null) return { kind: 'again', retryAfterMs: null }
    return meaningOfRefusal(kind, { code: failure.code, message: failure.message })
  }
  const { code, message = '', retryAfter, status } = answer.data
  if (code === undefined) return { kind: 'answered' }
  if (code === 'OVERLOADED' || code === 'RATE_LIMITED') {
    return { kind: 'again', retryAfterMs: retryAfter === undefined ? null : retryAfter * 1_000 }
  }
  return meaningOfRefusal(kind, { code, message, ...(status !== undefined && { status }) })
}

function meaningOfRefusal(kind: SentStep['kind'], refusal: Refusal): Meaning {
  const { code, status } = refusal
  switch (code) {
    case 'UNAUTHENTICATED':
    case 'FORBIDDEN':
    // Others' rides are not there for whoever has signed in meanwhile.
    case 'RIDE_NOT_FOUND':
      return { kind: 'who', refusal }
    case 'INVALID_TRANSITION':
      return status !== undefined && reached[kind]?.includes(status) === true
        ? { kind: 'answered' }
        : { kind: 'stopped', refusal }
    case 'RIDE_NOT_ACTIVE':
      return status === 'PAUSED' ? { kind: 'paused', refusal } : { kind: 'stopped', refusal }
    case 'INVALID_INPUT':
      if (kind === 'upload') return { kind: 'refused', refusal }
      return kind === 'start' ? { kind: 'stopped', refusal } : { kind: 'too early', refusal }
    case 'GRAPHQL_VALIDATION_FAILED':
      return { kind: 'old page' }
    case 'ID_TAKEN':
      return kind === 'upload' ? { kind: 'refused', refusal } : { kind: 'stopped', refusal }
    default:
      return { kind: 'stopped', refusal }
  }
}

/** Why a ride is not taken any more, for its rider. */
export function refusalInWords({ code, status, message }: Refusal): string {
  const isOver = status === 'ENDED' || status === 'FINISHED'
  if (code === 'RIDE_NOT_FOUND') return 'The ride was deleted from the server.'
  if (isOver)
    return 'The ride has already ended on the server: somebody ended it elsewhere, or nothing came for twelve hours.'
  if (status === 'PAUSED') return 'The ride was paused elsewhere, and takes no positions now.'
  if (code === 'ID_TAKEN') return 'The server has something else under the same id.'
  return message === '' ? 'The server does not take it.' : message
}

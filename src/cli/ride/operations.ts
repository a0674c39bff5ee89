/**
 * The steps of a replay as operations of the public contract, and what their answers mean for the one who
 * sends: done, later, again, or never.
 */

import { z } from 'zod'
import type { Position } from '#ride/position.ts'
import type { Step } from './plan.ts'

export interface Operation {
  readonly query: string
  readonly variables: Record<string, unknown>
}

/** What came back over the connection. */
export type Execution =
  | { readonly kind: 'result'; readonly data: unknown; readonly errors: readonly ExecutionError[] }
  /** The connection broke, or never was; the operation may have been carried out or not. */
  | ({ readonly kind: 'lost'; readonly message: string } & Unreachable)
  /** The server will not talk to this client, or not about this operation. */
  | { readonly kind: 'rejected'; readonly message: string }

interface Unreachable {
  /** No connection came about. */
  readonly isUnreachable?: true
  /** What answers at the address has no WebSocket there: it is no Slipstream. */
  readonly isSomethingElse?: true
}

export interface ExecutionError {
  readonly message: string
  readonly extensions?: Record<string, unknown> | undefined
}

export type Answer =
  | { readonly kind: 'accepted'; readonly version: number; readonly cursor: string }
  /** Nothing was recorded; the server asks for patience. */
  | { readonly kind: 'later'; readonly afterMs: number; readonly message: string }
  /** Nobody knows whether it was recorded; the same ids make it safe to send again. */
  | ({ readonly kind: 'unknown'; readonly message: string } & Unreachable)
  /** Sending it again would not help. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }

export function operationOf(rideId: string, step: Step): Operation {
  switch (step.kind) {
    case 'start': {
      const { title, visibility } = step
      const input = { rideId, startedAt: instant(step.at), title, ...(visibility && { visibility }) }
      return { query: mutation('startRide', 'StartRide'), variables: { input } }
    }
    case 'upload': {
      const input = { rideId, uploadId: step.uploadId, positions: step.positions.map(positionInput) }
      return { query: mutation('recordPositions', 'RecordPositions'), variables: { input } }
    }
    case 'pause':
    case 'resume':
    case 'end': {
      const input = { rideId, commandId: step.commandId, at: instant(step.at) }
      const name = { pause: 'PauseRide', resume: 'ResumeRide', end: 'EndRide' } as const
      return { query: mutation(`${step.kind}Ride`, name[step.kind], 'RideCommand'), variables: { input } }
    }
    default:
      return step satisfies never
  }
}

export function answerOf(execution: Execution): Answer {
  if (execution.kind === 'lost') return { ...execution, kind: 'unknown' }
  if (execution.kind === 'rejected') {
    return { kind: 'refused', code: 'REJECTED', message: execution.message }
  }
  const parsed = answers.safeParse(execution.data)
  if (!parsed.success) return answerOfErrors(execution.errors)
  const answer = Object.values(parsed.data)[0]
  if (answer === undefined) return answerOfErrors(execution.errors)
  if ('version' in answer) return { kind: 'accepted', ...answer }
  const { code, message, retryAfter } = answer
  if (isPatience(code)) return { kind: 'later', afterMs: patienceMs(retryAfter), message }
  const where = answer.path === undefined || answer.path.length === 0 ? '' : ` (${answer.path.join('.')})`
  return { kind: 'refused', code, message: `${message}${where}` }
}

/** What an operation's errors mean, where it brought back no data. */
export function answerOfErrors(errors: readonly ExecutionError[]): Exclude<Answer, { kind: 'accepted' }> {
  const error = errors[0]
  if (error === undefined) return { kind: 'unknown', message: 'the server answered with nothing' }
  const { code, retryAfter } = error.extensions ?? {}
  if (typeof code !== 'string' || code === 'INTERNAL_SERVER_ERROR') {
    return { kind: 'unknown', message: `the server failed: ${error.message}` }
  }
  if (!isPatience(code)) return { kind: 'refused', code, message: error.message }
  const seconds = typeof retryAfter === 'number' ? retryAfter : undefined
  return { kind: 'later', afterMs: patienceMs(seconds), message: error.message }
}

/** Where the server asks for patience without saying how much. */
const defaultPatienceMs = 1_000

const answers = z.record(
  z.string(),
  z.union([
    z.object({ version: z.number(), cursor: z.string() }),
    z.object({
      code: z.string(),
      message: z.string(),
      path: z.array(z.string()).optional(),
      retryAfter: z.number().optional(),
    }),
  ]),
)

function isPatience(code: string): boolean {
  return code === 'OVERLOADED' || code === 'RATE_LIMITED'
}

function patienceMs(seconds: number | undefined): number {
  return seconds === undefined ? defaultPatienceMs : Math.max(0, seconds * 1_000)
}

function mutation(field: string, type: string, input = type): string {
  return /* GraphQL */ `mutation ${type}($input: ${input}Input!) {
  ${field}(input: $input) {
    ... on ${type}Payload { version cursor }
    ... on Error { code message }
    ... on InvalidInputError { path }
    ... on RateLimitedError { retryAfter }
    ... on OverloadedError { retryAfter }
  }
}`
}

function positionInput({ at, ...sensors }: Position) {
  return { at: instant(at), ...sensors }
}

function instant(at: number): string {
  return new Date(at).toISOString()
}

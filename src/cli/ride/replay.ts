/**
 * The sending queue of a replay. One step after the other, each when it falls due, each until the server has
 * answered it:
 *
 *   waiting until due ─► sending ─► answered ─► next step
 *                          ▲  │
 *                          │  ├─ no answer ─► backing off ─┐   (the same ids again: recorded once)
 *                          │  └─ "later" ───► as long as ──┤
 *                          └──────────────────asked────────┘
 *
 * Who was never there for ten seconds is given up; who was there once is waited for. What falls due meanwhile stays in the
 * plan and follows at once when the server is back. One step in flight keeps the order: a pause may not overtake the
 * positions before it, nor these the start.
 */

import type { Clock } from './clock.ts'
import type { Answer } from './operations.ts'
import type { Step } from './plan.ts'

export interface ReplayMeans {
  readonly send: (step: Step) => Promise<Answer>
  readonly clock: Clock
  /** 0 to 1, for the backoff's jitter. */
  readonly random: () => number
  /** Times real time; 'max' sends each step when the one before is answered. */
  readonly speed: number | 'max'
  /** Stops the replay behind the step under way. */
  readonly signal: AbortSignal
  readonly tell: (news: ReplayNews) => void
}

export type ReplayNews =
  | { readonly kind: 'answered'; readonly step: Step; readonly positionsSent: number }
  | {
      readonly kind: 'waiting'
      readonly reason: string
      readonly ms: number
      readonly attempt: number
      /** No connection comes about. */
      readonly isUnreachable: boolean
      /** Because something else answers at the address. */
      readonly isSomethingElse: boolean
      /** The server has confirmed the start. */
      readonly isStarted: boolean
    }

/** `isStarted`: the server has confirmed the start. */
export type ReplayOutcome = { readonly positionsSent: number; readonly isStarted: boolean } & (
  | { readonly outcome: 'sent'; readonly version: number; readonly cursor: string }
  | { readonly outcome: 'stopped' }
  /** Not once did a connection come about; `message` is the last attempt's, and whether something else answered it. */
  | { readonly outcome: 'unreachable'; readonly message: string; readonly isSomethingElse: boolean }
  | { readonly outcome: 'refused'; readonly step: Step; readonly code: string; readonly message: string }
)

/** What is sent. Steps may be made as they are sent: one is asked for when the one before it is answered. */
export interface Replayed {
  readonly startedAt: number
  readonly steps: Iterable<Step>
}

/** Sends the whole plan. Gives up only where nobody is there, the server refuses a step for good, or the signal says stop. */
export async function replay(plan: Replayed, means: ReplayMeans): Promise<ReplayOutcome> {
  const { clock, speed, signal } = means
  const beganAt = clock.now()
  let positionsSent = 0
  let last: { version: number; cursor: string } | undefined
  for (const step of plan.steps) {
    if (speed !== 'max') await until(beganAt + (step.dueAt - plan.startedAt) / speed, clock, signal)
    const isStarted = last !== undefined
    const answer = signal.aborted ? 'stopped' : await deliver(step, means, isStarted)
    if (answer === 'stopped') return { outcome: 'stopped', positionsSent, isStarted }
    if (answer.kind === 'unknown') {
      const { message, isSomethingElse = false } = answer
      return { outcome: 'unreachable', message, isSomethingElse, positionsSent, isStarted }
    }
    if (answer.kind === 'refused') return { outcome: 'refused', step, positionsSent, isStarted, ...answer }
    if (step.kind === 'upload') positionsSent += step.positions.length
    last = { version: answer.version, cursor: answer.cursor }
    means.tell({ kind: 'answered', step, positionsSent })
  }
  return { outcome: 'sent', positionsSent, isStarted: true, ...last! }
}

/** Who has just typed the command waits for its first word; a server that restarts meanwhile is back within this. */
export const firstContactMs = 10_000

/** The first retry comes quickly: a server that restarts is back within seconds. */
const firstBackoffMs = 500
/** The longest: a phone that lost its network for an hour should notice soon that it is back. */
const longestBackoffMs = 15_000

/**
 * How long to wait before the attempt after this one; half of it is chance, so that many clients do not come
 * back as one.
 */
export function backoffMs(attempt: number, random: () => number): number {
  const ceiling = Math.min(longestBackoffMs, firstBackoffMs * 2 ** Math.min(attempt, 10))
  return Math.round(ceiling * (0.5 + random() / 2))
}

type Settled = Extract<Answer, { kind: 'accepted' | 'refused' }>
type Unknown = Extract<Answer, { kind: 'unknown' }>

/** Without an answer only where the server was not there once, neither before nor now. */
async function deliver(
  step: Step,
  { send, clock, random, signal, tell }: ReplayMeans,
  isStarted: boolean,
): Promise<Settled | Unknown | 'stopped'> {
  let giveUpAt = isStarted ? Number.POSITIVE_INFINITY : clock.now() + firstContactMs
  for (let attempt = 0; ; attempt++) {
    const answer = await send(step)
    if (answer.kind === 'accepted' || answer.kind === 'refused') return answer
    if (signal.aborted) return 'stopped'
    const isUnreachable = answer.kind === 'unknown' && answer.isUnreachable === true
    const isSomethingElse = answer.kind === 'unknown' && answer.isSomethingElse === true
    if (!isUnreachable) giveUpAt = Number.POSITIVE_INFINITY
    const left = giveUpAt - clock.now()
    if (answer.kind === 'unknown' && left <= 0) return answer
    const ms = answer.kind === 'later' ? answer.afterMs : Math.min(left, backoffMs(attempt, random))
    const trouble = { reason: answer.message, isUnreachable, isSomethingElse }
    tell({ kind: 'waiting', ...trouble, ms, attempt, isStarted })
    await clock.wait(ms, signal)
    if (signal.aborted) return 'stopped'
  }
}

async function until(instant: number, clock: Clock, signal: AbortSignal): Promise<void> {
  for (let left = instant - clock.now(); left > 0 && !signal.aborted; left = instant - clock.now()) {
    await clock.wait(left, signal)
  }
}

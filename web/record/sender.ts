/**
 * Sends what waits: one step at a time, each until it is answered, the oldest ride first. It decides nothing by itself
 * (`next-step.ts`, `answer.ts`) and knows nothing that is not written down: killed at any moment, the next one goes on.
 */
import { backoffMs } from '../graphql/backoff.ts'
import type { Answer } from '../graphql/client.ts'
import { type Meaning, meaningOf, type Result } from './answer.ts'
import type { Refusal } from './entries.ts'
import { nextStep, type SentStep } from './next-step.ts'
import { resumeFirstAt, retimedAt } from './resume-first.ts'
import type { RideQueue } from './ride-queue.ts'

/** What the sender is doing, for people. */
export type Sending =
  /** Nothing waits, or only for other positions. */
  | 'resting'
  | 'sending'
  /** Nobody answers: it is tried again. */
  | 'no answer'
  /** The server has too much to do: it is tried again. */
  | 'held back'
  /** Nobody is signed in. */
  | 'signed out'
  /** Somebody else is. */
  | 'other rider'
  /** The server does not understand this page: it is too old. */
  | 'old page'

export interface SenderMeans {
  /** Whose queues these are. */
  readonly riderId: string
  /** The oldest first. */
  queues(): readonly RideQueue[]
  send(step: SentStep, queue: RideQueue): Promise<Answer<Result>>
  /** Who is signed in: null is nobody; undefined, that nobody answered. */
  whoIs(): Promise<string | null | undefined>
  /** May end sooner, where there is reason to try again. */
  pause(milliseconds: number): Promise<void>
  /** Resolves when there may be something new to send. */
  changed(): Promise<void>
  newId(): string
  /** Milliseconds of a clock that is not set back. */
  now(): number
  random(): number
  say(sending: Sending): void
}

/** How long after nobody could be sent for it is looked again who is signed in. */
const lookAgainMs = 60_000

/** Until it is aborted. Rejects where nothing can be written down: then nothing may be sent. */
export async function runSender(means: SenderMeans, signal: AbortSignal): Promise<void> {
  const { riderId, queues, send, whoIs, pause, changed, newId, now, random, say } = means
  let isKnown = false
  let attempt = 0
  let lastUploadMs: number | null = null

  while (!signal.aborted) {
    const found = findNext()
    if (found.kind === 'nothing') {
      say('resting')
      await changed()
    } else if (found.kind === 'wait') {
      say('resting')
      await Promise.race([pause(found.forMs), changed()])
    } else if (found.kind === 'make upload') {
      const { count, queue } = found
      await queue.append(() => [{ type: 'UploadMade', uploadId: newId(), count }])
    } else {
      await attemptStep(found.step, found.queue)
    }
  }

  function findNext() {
    for (const queue of queues()) {
      const next = nextStep(queue.recording, now(), lastUploadMs)
      if (next.kind !== 'nothing') return { ...next, queue }
    }
    return { kind: 'nothing' } as const
  }

  async function attemptStep(step: SentStep, queue: RideQueue): Promise<void> {
    // A start would make it the ride of whoever is signed in.
    if (!isKnown || step.kind === 'start') {
      if (!(await isRider())) return
    }
    if (signal.aborted) return
    if (attempt === 0) say('sending')
    const meaning = meaningOf(step.kind, await send(step, queue))
    if (signal.aborted) return
    await take(meaning, step, queue)
  }

  async function take(meaning: Meaning, { id, kind }: SentStep, queue: RideQueue): Promise<void> {
    switch (meaning.kind) {
      case 'answered':
        attempt = 0
        if (kind === 'upload') lastUploadMs = now()
        return queue.append(() => [{ type: 'Answered', id }])
      case 'again':
        say(meaning.retryAfterMs === null ? 'no answer' : 'held back')
        return again(meaning.retryAfterMs)
      case 'paused':
        attempt = 0
        return queue.append(() => {
          const at = resumeFirstAt(queue)
          return [{ type: 'ResumedFirst', commandId: newId(), at }]
        })
      case 'too early': {
        attempt = 0
        const [first] = queue.recording.waiting
        // The server's own time is never too early: it does not take this at all.
        if (first === undefined || !('at' in first) || first.at === null) return stop(queue, meaning.refusal)
        return queue.append(() => [{ type: 'Retimed', commandId: newId(), at: retimedAt(queue) }])
      }
      case 'old page':
        say('old page')
        return again(lookAgainMs)
      case 'refused':
        attempt = 0
        return queue.append(() => [{ type: 'Refused', id, refusal: meaning.refusal }])
      case 'stopped':
        return stop(queue, meaning.refusal)
      case 'who': {
        const { refusal } = meaning
        isKnown = false
        if (!(await isRider()) || signal.aborted) return
        if (refusal.code === 'RIDE_NOT_FOUND') return stop(queue, refusal)
        say('held back')
        return again(lookAgainMs)
      }
      default:
        return meaning satisfies never
    }
  }

  async function stop(queue: RideQueue, refusal: Refusal): Promise<void> {
    attempt = 0
    await queue.append(() => [{ type: 'Stopped', refusal }])
  }

  async function isRider(): Promise<boolean> {
    const id = await whoIs()
    isKnown = id === riderId
    if (isKnown || signal.aborted) return isKnown
    if (id === undefined) {
      say('no answer')
      await again(null)
    } else {
      say(id === null ? 'signed out' : 'other rider')
      await again(lookAgainMs)
    }
    return false
  }

  async function again(retryAfterMs: number | null): Promise<void> {
    const waitMs = retryAfterMs ?? backoffMs(attempt, random())
    attempt += 1
    await pause(waitMs)
  }
}

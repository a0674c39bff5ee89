/** One simulated ride, sent to its end or until the riders are called off; then it is ended, unless it is to stay as it is. */

import type { Clock } from '#cli/ride/clock.ts'
import type { Answer } from '#cli/ride/operations.ts'
import type { Step } from '#cli/ride/plan.ts'
import { type ReplayNews, type ReplayOutcome, replay } from '#cli/ride/replay.ts'
import { entriesOf, type Outing } from '#recordings/simulate/outing.ts'
import type { Visibility } from './options.ts'
import { endStep, type Pace, stepsOf } from './steps.ts'

export interface SendMeans {
  readonly send: (rideId: string, step: Step) => Promise<Answer>
  readonly clock: Clock
  readonly random: () => number
  readonly newId: () => string
  readonly visibility: Visibility
  readonly leaveOpen: boolean
  /** Calls the riders off. */
  readonly signal: AbortSignal
  /** From then on not even the end of a ride is tried to be sent any more. */
  readonly lastWord: AbortSignal
  readonly tell: (news: RideNews) => void
}

export type RideNews =
  | ReplayNews
  | { readonly kind: 'sets out' | 'arrived' }
  /** Called off before the server had confirmed his start. */
  | { readonly kind: 'stayed' }
  /** Called off on the way. */
  | { readonly kind: 'left'; readonly isEnded: boolean }

/** Why no ride can be sent; undefined: there was nothing. */
export type Trouble = Extract<ReplayOutcome, { readonly outcome: 'refused' | 'unreachable' }> | undefined

export interface SentRide extends Outing {
  readonly title: string
}

export async function sendRide(
  ride: SentRide,
  { speed, ...pace }: Pace & { readonly speed: number | 'max' },
  means: SendMeans,
): Promise<Trouble> {
  const { newId, visibility, tell } = means
  const { startedAt, title } = ride
  const rideId = newId()
  let lastAt = startedAt
  const replayMeans = {
    ...means,
    speed,
    send: (step: Step) => means.send(rideId, step),
    tell: (news: ReplayNews) => {
      if (news.kind === 'answered') lastAt = news.step.dueAt
      tell(news)
    },
  }
  const steps = stepsOf(entriesOf(ride), { title, visibility, startedAt, pace, newId })
  tell({ kind: 'sets out' })
  const outcome = await replay({ startedAt, steps }, replayMeans)
  if (outcome.outcome === 'sent') tell({ kind: 'arrived' })
  if (outcome.outcome === 'refused' || outcome.outcome === 'unreachable') return outcome
  if (outcome.outcome === 'sent') return undefined
  if (!outcome.isStarted) {
    tell({ kind: 'stayed' })
    return undefined
  }
  const ended = means.leaveOpen
    ? outcome
    : await replay(
        { startedAt: lastAt, steps: [endStep(lastAt, newId)] },
        { ...replayMeans, speed: 'max', signal: means.lastWord },
      )
  tell({ kind: 'left', isEnded: ended.outcome === 'sent' })
  return ended.outcome === 'refused' || ended.outcome === 'unreachable' ? ended : undefined
}

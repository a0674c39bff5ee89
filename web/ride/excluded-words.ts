/** Why positions were left out of a route, in words. */
import type { Failure } from '../graphql/failure.ts'
import type { ExclusionReason } from './documents.ts'

export interface ReasonInWords {
  /** Of one, and of several: “3 at the same time as another”. */
  readonly about: string
  /** A custom property. */
  readonly colour: string
}

export const reasons: Readonly<Record<ExclusionReason, ReasonInWords>> = {
  IMPOSSIBLE_SPEED: { about: 'too far away to have been ridden', colour: '--excluded-impossible' },
  POOR_ACCURACY: { about: 'accurate to no better than 50 m', colour: '--excluded-poor' },
  OUTSIDE_ACTIVE_TIME: { about: 'recorded while the timer was paused', colour: '--excluded-outside' },
  DUPLICATE_TIME: { about: 'at the same time as another', colour: '--excluded-duplicate' },
  OUT_OF_RANGE: { about: 'from a receiver that did not know its place yet', colour: '--excluded-range' },
}

/** `9 positions were left out` */
export function leftOutInWords(count: number): string {
  return count === 1 ? '1 position was left out' : `${count.toLocaleString('en-GB')} positions were left out`
}

/** Why their places are not shown yet, or not at all; what may come is asked for again by the page itself. */
export function notShownInWords(failure: Failure): string {
  if (failure.kind === 'final') return failure.message
  const seconds =
    failure.kind === 'again' && failure.retryAfterMs !== null ? Math.ceil(failure.retryAfterMs / 1_000) : 0
  if (seconds > 0) return `That was too much at once. The page asks again by itself in ${seconds} s.`
  return 'The server does not answer. The page asks again by itself.'
}

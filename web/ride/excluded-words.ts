/** Why positions were left out of a route, in words. */
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

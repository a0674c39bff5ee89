/** What the viewer has left; requests are counted before they come to resolvers. */
import type { RequestContext } from './context.ts'
import { RateLimitedError } from './errors.ts'

export interface Allowance {
  /** After how many seconds it may be tried again; undefined: they were taken. */
  takePositions(count: number): number | undefined
  takeCost(cost: number): number | undefined
  /** Whether so much more may be under way at the same time; if so, `leave` is called with it at the end. */
  enter(cost: number): boolean
  leave(cost: number): void
}

/** Throws the contract's error where they are too many. */
export function takePositions({ allowance }: RequestContext, count: number): void {
  const retryAfter = allowance?.takePositions(count)
  if (retryAfter !== undefined) throw new RateLimitedError(retryAfter)
}

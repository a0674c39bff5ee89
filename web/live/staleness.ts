/**
 * Since when nothing was heard of a ride, and when that is too long.
 *
 * The rule: a ride that is being ridden is stale once the server has heard nothing of it for a minute. A paused one is not: its
 * rider said that nothing would come.
 *
 * What is told as it happens is new when it arrives, whatever any clock says. Only what a snapshot tells is dated, by the
 * server's own clock (server-clock.ts): so a browser whose clock is wrong makes no ride stale.
 */
import type { LiveRide } from './documents.ts'

export type LiveStatus = 'active' | 'paused' | 'stale'

/** A phone sends every few seconds; a tunnel or a poor cell takes less than this. */
export const staleAfterMs = 60_000

export interface Told {
  ride: LiveRide
  /** By the page's own steady clock; null: it was in a snapshot. */
  arrivedMs: number | null
  /** `ride.updatedAt`, in milliseconds. */
  updatedMs: number
}

/** Two clocks at one moment. */
export interface Now {
  /** Of the page: it never jumps, and says no time of day. */
  steadyMs: number
  /** Of the server, as far as the page knows. */
  serverMs: number
}

export function ageMs({ arrivedMs, updatedMs }: Omit<Told, 'ride'>, now: Now): number {
  return Math.max(0, arrivedMs === null ? now.serverMs - updatedMs : now.steadyMs - arrivedMs)
}

export function liveStatus(told: Told, now: Now): LiveStatus {
  if (told.ride.status === 'PAUSED') return 'paused'
  return ageMs(told, now) >= staleAfterMs ? 'stale' : 'active'
}

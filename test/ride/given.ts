/**
 * given(events).when(command).thenAccepted: the domain's tests
 * read like sentences and need no database and no clock.
 */
import { expect } from 'vitest'
import type { RideEvent, RideProgress } from '#ride/events.ts'
import {
  type Circumstances,
  decide,
  evolve,
  notStarted,
  type RideCommand,
  type RideRefusal,
} from '#ride/ride.ts'

export const rider = { riderId: 'a0000000-0000-4000-8000-000000000001' }
export const stranger = { riderId: 'a0000000-0000-4000-8000-000000000002' }
export const start = Date.UTC(2026, 4, 31, 8)
export const minutes = (count: number) => start + count * 60_000
/** Now, in these tests: an hour after the start. */
export const now = minutes(60)

export const noProgress: RideProgress = { distance: 0, movingTime: 0, timerTime: 0, speed: null }

export const started: RideEvent = {
  type: 'RideStarted',
  at: start,
  riderId: rider.riderId,
  title: null,
  visibility: 'PRIVATE',
}
export const recorded = (at: number): RideEvent => ({
  type: 'RidePositionsRecorded',
  at,
  positions: [{ at }],
  progress: noProgress,
})
export const paused = (at: number): RideEvent => ({ type: 'RidePaused', at, progress: noProgress })
export const resumed = (at: number): RideEvent => ({ type: 'RideResumed', at, progress: noProgress })
export const ended = (at: number): RideEvent => ({ type: 'RideEnded', at, progress: noProgress })
export const finished = (at: number): RideEvent => ({ type: 'RideFinished', at, progress: null })

export function given(...events: readonly RideEvent[]) {
  const state = events.reduce(evolve, notStarted)
  return {
    state,
    when(command: RideCommand, circumstances: Circumstances = { actor: rider, now }) {
      const decision = decide(command, state, circumstances)
      return {
        decision,
        thenAccepted(expected: Partial<RideEvent>) {
          expect(decision).toMatchObject({ accepted: true, event: expected })
        },
        thenRefused(expected: Partial<RideRefusal>) {
          expect(decision).toMatchObject({ accepted: false, refusal: expected })
        },
      }
    },
  }
}

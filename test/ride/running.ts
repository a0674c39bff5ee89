/** Rides in progress against the same rides when they are over. */
import { expect } from 'vitest'
import type { RideEvent, RideProgress } from '#ride/events.ts'
import type { Position } from '#ride/position.ts'
import { evolve, notStarted, type RideState } from '#ride/ride.ts'
import { progressOf } from '#ride/running-numbers.ts'
import { statisticsOf, type TrackStatistics } from '#ride/track/statistics.ts'
import { trackOf } from '#ride/track/track.ts'

export interface Compared {
  readonly progress: RideProgress
  readonly final: TrackStatistics
}

/**
 * What the running numbers are at the end of a ride, and what
 * its track says. The state goes through JSON with every event.
 */
export function compared(events: readonly RideEvent[]): Compared {
  const state = events.reduce<RideState>(
    (before, event) => JSON.parse(JSON.stringify(evolve(before, event))),
    notStarted,
  )
  if (!('running' in state)) throw new Error('The ride was not started')
  return { progress: progressOf(state.running), final: statisticsOf(trackOf(events)) }
}

export function expectAlike({ progress, final }: Compared): void {
  expect(Math.abs(progress.distance / final.distance - 1)).toBeLessThan(0.01)
  expect(Math.abs(progress.movingTime / final.movingTime - 1)).toBeLessThan(0.01)
  expect(progress.timerTime).toBe(final.timerTime)
}

export function uploadsOf(all: readonly Position[], size: number): Position[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  )
}

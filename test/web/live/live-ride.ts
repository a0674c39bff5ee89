/** Rides in progress as the server tells them, for tests of what the page makes of them. */
import type { LiveRide, LiveRidesChange } from '../../../web/live/documents.ts'
import { applyLiveRides, type LiveBoard } from '../../../web/live/live-board.ts'
import type { Now } from '../../../web/live/staleness.ts'
import type { RideSummary } from '../../../web/rides/documents.ts'

/** When everything here begins, by the server. */
export const beginMs = Date.UTC(2026, 4, 1, 10)

/** So many seconds after that. The page was opened a moment before, by a clock that says no time of day. */
export function after(seconds: number): Now {
  return { steadyMs: 5_000 + seconds * 1_000, serverMs: beginMs + seconds * 1_000 }
}

export function liveRide(rideId: string, version: number, other: Partial<LiveRide> = {}): LiveRide {
  return {
    rideId,
    version,
    status: 'ACTIVE',
    title: rideId,
    rider: { id: 'rider', name: 'Anna' },
    startedAt: new Date(beginMs).toISOString(),
    updatedAt: new Date(beginMs).toISOString(),
    position: null,
    // With each version it went on.
    progress: { distance: version * 10, movingTime: version, timerTime: version, speed: 10 },
    ...other,
  }
}

export function change(news: Partial<LiveRidesChange>): LiveRidesChange {
  return { snapshot: false, rides: [], removed: [], ...news }
}

export function boardOf(...rides: LiveRide[]): LiveBoard {
  return applyLiveRides(new Map(), change({ snapshot: true, rides }), after(0)).board
}

export function overRide(id: string, version: number, other: Partial<RideSummary> = {}): RideSummary {
  return {
    id,
    version,
    cursor: `${id} ${version}`,
    status: 'FINISHED',
    title: id,
    startedAt: new Date(beginMs).toISOString(),
    timeZone: null,
    rider: { id: 'rider', name: 'Anna' },
    progress: null,
    statistics: null,
    ...other,
  }
}

/**
 * From what was recorded to what is shown: positions are put in order, cleaned (nothing is deleted: what is left out has
 * a reason), cut into segments at the pauses, and summed up.
 */

import type { RideEvent } from './events.ts'
import type { Position } from './position.ts'
import type { ExclusionReason, Fix, Segment, Track } from './segment.ts'

/** When the timer ran: from start or resume to pause or end, in milliseconds since 1970. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** Builds the track of an ended ride from its events, in the order of the log. */
export function trackOf(events: readonly RideEvent[]): Track {
  const stretches = stretchesOf(events)
  const positions = events.flatMap((event) => (event.type === 'RidePositionsRecorded' ? event.positions : []))
  // Uploads may come late and out of order; the sort is stable, so of two at one time the first recorded stays.
  const ordered = [...positions].sort((a, b) => a.at - b.at)
  const excluded = new Map<ExclusionReason, number>()
  const segments = stretches.map((stretch) => ({ stretch, samples: [] as Position[], fixes: [] as Fix[] }))
  let current = 0
  let lastAt = Number.NEGATIVE_INFINITY
  for (const position of ordered) {
    while (current < segments.length - 1 && position.at > segments[current]!.stretch.to) current++
    const segment = segments[current]
    if (segment === undefined || position.at < segment.stretch.from || position.at > segment.stretch.to) {
      exclude('OUTSIDE_ACTIVE_TIME')
    } else if (position.at === lastAt) {
      exclude('DUPLICATE_TIME')
    } else {
      lastAt = position.at
      segment.samples.push(position)
      const fix = fixOf(position)
      if (fix === 'out of range') exclude('OUT_OF_RANGE')
      else if (fix !== undefined) segment.fixes.push(fix)
    }
  }
  function exclude(reason: ExclusionReason): void {
    excluded.set(reason, (excluded.get(reason) ?? 0) + 1)
  }
  return {
    startedAt: stretches[0]?.from ?? 0,
    endedAt: stretches.at(-1)?.to ?? 0,
    segments: segments.map(({ stretch, samples, fixes }): Segment => ({ ...stretch, samples, fixes })),
    excluded: [...excluded].map(([reason, count]) => ({ reason, count })),
  }
}

function stretchesOf(events: readonly RideEvent[]): Stretch[] {
  const stretches: Stretch[] = []
  let from: number | undefined
  for (const event of events) {
    if (event.type === 'RideStarted' || event.type === 'RideResumed') {
      from = event.at
    } else if (event.type === 'RidePaused' || event.type === 'RideEnded') {
      // A ride that ends while paused ends with its last stretch empty, so that its end is known.
      stretches.push({ from: from ?? event.at, to: event.at })
      from = undefined
    }
  }
  return stretches
}

function fixOf(position: Position): Fix | 'out of range' | undefined {
  const { latitude, longitude } = position
  if (latitude === undefined || longitude === undefined) return undefined
  // Receivers without a fix report the null island, where nobody cycles.
  if ((latitude === 0 && longitude === 0) || Math.abs(latitude) > 90 || Math.abs(longitude) > 180)
    return 'out of range'
  return { ...position, latitude, longitude }
}

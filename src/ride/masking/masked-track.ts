/** A ride that has ended, as others are shown it: as events, so that it is measured like any other. */
import type { RideEvent, RideProgress } from '#ride/events.ts'
import { type Mask, maskFromStart, noMask } from '#ride/mask.ts'
import type { Position } from '#ride/position.ts'
import { sift, unknownWhereabouts } from './hidden.ts'

export interface MaskedRide {
  readonly events: readonly RideEvent[]
  /** The ride ends in a zone: that it has ended says something of the way there. */
  readonly endsHidden: boolean
}

/** What the last word on it is. */
export function maskOf(events: readonly RideEvent[]): Mask {
  let mask = noMask
  for (const event of events) {
    if (event.type === 'RideStarted') mask = maskFromStart(event.mask)
    if (event.type === 'RideMasked') mask = event.mask
  }
  return mask
}

/** Undefined where nothing of it is to be seen. `events` are all of an ended ride. */
export function maskedRide(events: readonly RideEvent[], { zones }: Mask): MaskedRide | undefined {
  const started = events.find((event) => event.type === 'RideStarted')
  if (started?.type !== 'RideStarted') return undefined
  const samples = events
    .flatMap((event) => (event.type === 'RidePositionsRecorded' ? event.positions : []))
    .sort((a, b) => a.at - b.at)
  const runs: Position[][] = []
  const { shown: sifted, whereabouts } = sift(zones, samples, unknownWhereabouts)
  for (const [index, sample] of sifted.entries()) {
    if (sample === null) continue
    if (sifted[index - 1] == null) runs.push([])
    runs.at(-1)?.push(sample)
  }
  const pauses = pausesOf(events)
  const shown = runs.flatMap((run, index) => eventsOf(run, pauses, index === 0))
  const last = runs.at(-1)?.at(-1)
  if (last === undefined) return undefined
  const first: RideEvent = { ...started, at: runs[0]![0]!.at }
  return {
    events: [first, ...shown, { type: 'RideEnded', at: last.at, progress: none }],
    endsHidden: whereabouts.isHidden,
  }
}

/** Nobody reads it of these. */
const none: RideProgress = { distance: 0, movingTime: 0, timerTime: 0, speed: null }

interface Pause {
  readonly from: number
  readonly to: number
}

function pausesOf(events: readonly RideEvent[]): Pause[] {
  const pauses: Pause[] = []
  let from: number | undefined
  for (const event of events) {
    if (event.type === 'RidePaused') from = event.at
    else if (event.type === 'RideResumed' && from !== undefined) {
      pauses.push({ from, to: event.at })
      from = undefined
    }
  }
  return pauses
}

/**
 * What was recorded between two hidden stretches, and the pauses in it. In front of the next one the timer stands still: no
 * line joins the places where the rider went out of sight and came back, and nothing of the way between is counted.
 */
function eventsOf(run: readonly Position[], pauses: readonly Pause[], isFirst: boolean): RideEvent[] {
  const from = run[0]!.at
  const to = run.at(-1)!.at
  const within = pauses.filter((pause) => pause.from >= from && pause.to <= to)
  return [
    ...(isFirst ? [] : [{ type: 'RideResumed', at: from, progress: none } as const]),
    { type: 'RidePositionsRecorded', at: to, positions: run, progress: none },
    ...within.flatMap((pause): RideEvent[] => [
      { type: 'RidePaused', at: pause.from, progress: none },
      { type: 'RideResumed', at: pause.to, progress: none },
    ]),
    { type: 'RidePaused', at: to, progress: none },
  ]
}

/**
 * The running numbers of a ride, kept up one upload at a time. They live in the ride's
 * state, so that an upload costs the same at the first kilometre and at the
 * thousandth. When the ride is finished the track's own numbers take their place. What
 * there is of them: `running-numbers.ts`; at pauses and at the end: `stretches.ts`.
 */
import { endOf, endsBy, fillGaps } from './gaps.ts'
import { type History, historiesWith, isOrdinary, type Waypoint } from './histories.ts'
import type { Position } from './position.ts'
import { type Draft, keepGap, type RunningNumbers } from './running-numbers.ts'
import { longestUsualMs, spacingAfter } from './spacing.ts'
import { legBetween } from './track/along.ts'
import { isUsable } from './track/usable.ts'

/**
 * Adds an upload. What is older than what came before fills the gap that it belongs to, in whichever stretch;
 * what belongs to none was measured already, or is from a pause.
 */
export function runningWith(running: RunningNumbers, positions: readonly Position[]): RunningNumbers {
  if (running !== last?.running || positions !== last.positions) {
    last = { running, positions, result: measured(running, positions) }
  }
  return last.result
}

/** To decide and then to evolve asks the same twice in a row. */
let last:
  | {
      readonly running: RunningNumbers
      readonly positions: readonly Position[]
      readonly result: RunningNumbers
    }
  | undefined

function measured(running: RunningNumbers, positions: readonly Position[]): RunningNumbers {
  const ordered = [...positions].sort((a, b) => a.at - b.at)
  const { lastAt, stretchFrom } = running
  const firstNew = ordered.findIndex(
    ({ at }) => (lastAt === null || at > lastAt) && (stretchFrom === null || at >= stretchFrom),
  )
  const late = firstNew < 0 ? ordered : ordered.slice(0, firstNew)
  const filled = late.length === 0 ? running : withLate(running, late)
  return firstNew < 0 ? filled : extended(filled, ordered.slice(firstNew))
}

function withLate(running: RunningNumbers, late: readonly Position[]): RunningNumbers {
  if (running.gaps === undefined) return running
  const { distance, movingMs, gaps } = fillGaps(
    running.gaps,
    late.filter(isUsable),
    longestUsualMs(running.spacingMs),
  )
  return {
    ...running,
    distance: running.distance + distance,
    movingMs: running.movingMs + movingMs,
    gaps,
  }
}

function extended(running: RunningNumbers, positions: readonly Position[]): RunningNumbers {
  const spacingMs = spacingAfter(running.spacingMs, running.lastAt, positions)
  const next: Draft = { ...running, spacingMs }
  // Until a fix of the upload follows on the last one before it: in front of that one uploads may be missing.
  let isJoined = false
  for (const position of positions) {
    if (next.lastAt !== null && position.at <= next.lastAt) continue
    next.lastAt = position.at
    if (!isUsable(position)) continue
    const { at, latitude, longitude } = position
    const fix = { at, latitude, longitude }
    const before = next.fix
    const from = addFix(next, fix, position.speed)
    if (from === undefined) continue
    const isAnotherHistory = from !== before
    if (isAnotherHistory) dropGaps(next, from)
    if (isAnotherHistory || !isJoined) keepGap(next, from, endOf(fix))
    isJoined = true
  }
  return next
}

/** Which fix it follows on, null for the first; undefined where it is not in the history that is shown. */
function addFix(
  numbers: Draft,
  fix: Waypoint,
  measuredSpeed: number | undefined,
): Waypoint | null | undefined {
  const { fix: before, others } = numbers
  const usualMs = longestUsualMs(numbers.spacingMs)
  const leg = before === null ? undefined : legBetween(before, fix)
  let from: Waypoint | null | undefined = before
  if (before !== null && leg !== undefined && !others && isOrdinary(before, fix, leg.speed, usualMs)) {
    numbers.fix = fix
    numbers.distance += leg.distance
    numbers.movingMs += leg.movingMs
  } else {
    const shown: History = { fix: before, distance: 0, movingMs: 0, cost: 0 }
    const after = historiesWith([shown, ...(others ?? [])], fix, usualMs)
    show(numbers, after.histories)
    from = after.from
  }
  if (numbers.fix !== fix) return undefined
  numbers.speed = measuredSpeed ?? leg?.speed ?? null
  return from
}

function show(numbers: Draft, [shown, ...others]: readonly History[]): void {
  if (shown === undefined) return
  const { distance, movingMs, cost } = shown
  numbers.fix = shown.fix
  numbers.distance += distance
  numbers.movingMs += movingMs
  const beyond = others.map((history) => ({
    fix: history.fix,
    // A state is written with every upload: a millimetre is enough.
    distance: Math.round((history.distance - distance) * 1000) / 1000,
    movingMs: history.movingMs - movingMs,
    cost: history.cost - cost,
  }))
  numbers.others = beyond.length === 0 ? undefined : beyond
}

/**
 * Those whose ends were in the history that was shown until
 * now, and are not in the one that parted from it at `from`.
 */
function dropGaps(numbers: Draft, from: Waypoint | null): void {
  const partedAt = from?.at ?? numbers.stretchFrom
  if (partedAt !== null) numbers.gaps = numbers.gaps?.filter((gap) => endsBy(gap, partedAt))
}

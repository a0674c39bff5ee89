/**
 * The running numbers of a ride, kept up one upload at a time. They live in the ride's state, so that an upload costs
 * the same at the first kilometre and at the thousandth. When the ride is finished the track's own numbers take their place.
 */

import type { RideProgress } from './events.ts'
import { fillGaps, type Gap, gapBetween } from './gaps.ts'
import type { Position } from './position.ts'
import { legBetween } from './track/along.ts'
import type { Place } from './track/geodesy.ts'
import { possibleSpeed } from './track/possible.ts'
import { isUsable } from './track/usable.ts'

/** A place and when it was reached, in milliseconds since 1970. */
export type Waypoint = Place & { readonly at: number }

/** Metres, and milliseconds in motion. */
export interface Travelled {
  readonly distance: number
  readonly movingMs: number
}

/** What is carried from upload to upload. Times in milliseconds, `distance` in metres. */
export interface RunningNumbers extends Travelled {
  /** The timer's total of all stretches before the present one. */
  readonly timerMs: number
  /** When the present stretch began; null while paused and after the end. */
  readonly stretchFrom: number | null
  /** The newest sample of the present stretch. */
  readonly lastAt: number | null
  /** The newest fix of the present stretch that a bicycle can have been at. */
  readonly fix: Waypoint | null
  readonly speed: number | null
  /** Fixes that cannot follow on `fix`, but on each other. */
  readonly stray?: Stray | undefined
  /** Where uploads are missing that may still come. */
  readonly gaps?: readonly Gap[] | undefined
}

interface Stray extends Travelled {
  readonly fix: Waypoint
  readonly count: number
}

/** So many fixes that follow on each other are no error of the receiver: the ride goes on from them. */
const strayBound = 5

export function runningFrom(startedAt: number): RunningNumbers {
  return {
    distance: 0,
    movingMs: 0,
    timerMs: 0,
    stretchFrom: startedAt,
    lastAt: null,
    fix: null,
    speed: null,
  }
}

/** Adds an upload. What is older than what came before fills the gap that it belongs to; the rest is left to the final count. */
export function runningWith(running: RunningNumbers, positions: readonly Position[]): RunningNumbers {
  const ordered = [...positions].sort((a, b) => a.at - b.at)
  const { lastAt, stretchFrom } = running
  const isNew = ({ at }: Position): boolean =>
    (lastAt === null || at > lastAt) && (stretchFrom === null || at >= stretchFrom)
  const firstNew = ordered.findIndex(isNew)
  const late = firstNew < 0 ? ordered : ordered.slice(0, firstNew)
  const filled = late.length === 0 ? running : { ...running, ...fillGaps(running, late.filter(isUsable)) }
  return firstNew < 0 ? filled : extended(filled, ordered.slice(firstNew))
}

function extended(running: RunningNumbers, positions: readonly Position[]): RunningNumbers {
  const next: Draft = { ...running }
  let isFirst = true
  for (const position of positions) {
    if (next.lastAt !== null && position.at <= next.lastAt) continue
    next.lastAt = position.at
    if (!isUsable(position)) continue
    const { at, latitude, longitude } = position
    const before = next.fix
    addFix(next, { at, latitude, longitude }, position.speed)
    if (isFirst && next.fix !== null && next.fix !== before) {
      const gap = gapBetween(before, next.fix, running.stretchFrom)
      if (gap !== undefined) next.gaps = [...(next.gaps ?? []), gap].slice(-gapsBound)
    }
    isFirst = false
  }
  return next
}

/** More than this are not waited for. */
const gapsBound = 16

/** Only within one upload: whoever has the numbers before it keeps them as they were. */
type Draft = { -readonly [field in keyof RunningNumbers]: RunningNumbers[field] }

function addFix(numbers: Draft, fix: Waypoint, measuredSpeed: number | undefined): void {
  const { fix: before, stray } = numbers
  if (before === null) {
    numbers.fix = fix
    numbers.speed = measuredSpeed ?? null
    return
  }
  const leg = legBetween(before, fix)
  if (leg.speed <= possibleSpeed) {
    goOn(numbers, leg, fix, measuredSpeed ?? leg.speed)
    return
  }
  const strayLeg = stray && legBetween(stray.fix, fix)
  if (stray === undefined || strayLeg === undefined || strayLeg.speed > possibleSpeed) {
    numbers.stray = { fix, count: 1, distance: 0, movingMs: 0 }
    return
  }
  const distance = stray.distance + strayLeg.distance
  const movingMs = stray.movingMs + strayLeg.movingMs
  const count = stray.count + 1
  if (count < strayBound) numbers.stray = { fix, count, distance, movingMs }
  else goOn(numbers, { distance, movingMs }, fix, measuredSpeed ?? strayLeg.speed)
}

function goOn(numbers: Draft, travelled: Travelled, fix: Waypoint, speed: number): void {
  numbers.distance += travelled.distance
  numbers.movingMs += travelled.movingMs
  numbers.fix = fix
  numbers.speed = speed
  if (numbers.stray !== undefined) numbers.stray = undefined
}

/** Stops the timer at `at`. */
export function runningStopped(running: RunningNumbers, at: number): RunningNumbers {
  if (running.stretchFrom === null) return running
  const timerMs = running.timerMs + Math.max(0, at - running.stretchFrom)
  return { ...running, ...betweenStretches, timerMs, stretchFrom: null }
}

/** Starts a stretch at `at`; nothing is measured across the pause before it. */
export function runningResumed(running: RunningNumbers, at: number): RunningNumbers {
  return { ...running, ...betweenStretches, stretchFrom: at }
}

const betweenStretches = { lastAt: null, fix: null, speed: null, stray: undefined } as const

/** The numbers to show: distance to the centimetre, times to the millisecond. */
export function progressOf(running: RunningNumbers): RideProgress {
  const present =
    running.stretchFrom === null
      ? 0
      : Math.max(0, (running.lastAt ?? running.stretchFrom) - running.stretchFrom)
  return {
    distance: Math.round(running.distance * 100) / 100,
    movingTime: running.movingMs / 1000,
    timerTime: (running.timerMs + present) / 1000,
    speed: running.speed === null ? null : Math.round(running.speed * 100) / 100,
  }
}

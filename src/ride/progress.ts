/**
 * The running numbers of a ride, kept up one upload at a time. They live in the ride's state, so that an upload costs
 * the same at the first kilometre and at the thousandth.
 */
import type { RideProgress } from './events.ts'
import { distanceBetween, type Place } from './geodesy.ts'
import type { Position } from './position.ts'

/** Slower than this, in metres per second, is standing still. */
export const movingSpeed = 0.5
/** Between two fixes further apart than this nobody knows whether the rider moved. */
export const movingGapMs = 120_000
/** No bicycle is faster, in metres per second: a longer leap is a fault of the receiver. */
export const possibleSpeed = 35

/** What is carried from upload to upload. Times in milliseconds, `distance` in metres. */
export interface RunningNumbers {
  readonly distance: number
  readonly movingMs: number
  /** The timer's total of all stretches before the present one. */
  readonly timerMs: number
  /** When the present stretch began; null while paused and after the end. */
  readonly stretchFrom: number | null
  /** The newest sample of the present stretch. */
  readonly lastAt: number | null
  /** The newest fix of the present stretch. */
  readonly fix: (Place & { readonly at: number }) | null
  readonly speed: number | null
}

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

/** Adds an upload. Samples no newer than what came before are left to the final count, which can put them in order. */
export function runningWith(running: RunningNumbers, positions: readonly Position[]): RunningNumbers {
  let { distance, movingMs, lastAt, fix, speed } = running
  for (const position of [...positions].sort((a, b) => a.at - b.at)) {
    if (lastAt !== null && position.at <= lastAt) continue
    if (running.stretchFrom !== null && position.at < running.stretchFrom) continue
    lastAt = position.at
    if (position.latitude === undefined || position.longitude === undefined) continue
    const next = { at: position.at, latitude: position.latitude, longitude: position.longitude }
    if (fix === null) {
      speed = position.speed ?? null
    } else {
      const leg = distanceBetween(fix, next)
      const elapsedMs = next.at - fix.at
      const legSpeed = (leg * 1000) / elapsedMs
      if (legSpeed <= possibleSpeed) {
        distance += leg
        if (legSpeed >= movingSpeed && elapsedMs <= movingGapMs) movingMs += elapsedMs
        speed = position.speed ?? legSpeed
      }
    }
    fix = next
  }
  return { ...running, distance, movingMs, lastAt, fix, speed }
}

/** Stops the timer at `at`. */
export function runningStopped(running: RunningNumbers, at: number): RunningNumbers {
  if (running.stretchFrom === null) return running
  const timerMs = running.timerMs + Math.max(0, at - running.stretchFrom)
  return { ...running, timerMs, stretchFrom: null, lastAt: null, fix: null, speed: null }
}

/** Starts a stretch at `at`; nothing is measured across the pause before it. */
export function runningResumed(running: RunningNumbers, at: number): RunningNumbers {
  return { ...running, stretchFrom: at, lastAt: null, fix: null, speed: null }
}

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

/**
 * Which of the fixes a ride in progress is measured by. A fix that cannot follow on the one before may be an
 * error of the receiver, or that one may have been: the next fixes will tell. So a few histories are kept
 * beside each other, each of fixes that follow on each other, until one of them is out of the question.
 */
import { legBetween } from './track/along.ts'
import type { Place } from './track/geodesy.ts'
import { leapCost, possibleSpeed } from './track/possible.ts'

/** A place and when it was reached, in milliseconds since 1970. */
export type Waypoint = Place & { readonly at: number }

/** Metres, and milliseconds in motion. */
export interface Travelled {
  readonly distance: number
  readonly movingMs: number
}

/** Lengths and costs are those beyond the shown history's, which has 0. */
export interface History extends Travelled {
  /** Its newest fix; null before the first of a stretch. */
  readonly fix: Waypoint | null
  /** How many fixes it leaves out, and `leapCost` for each leap. */
  readonly cost: number
}

/** More than these are not kept: the shown one, the newest fix' own, and the two least of the others. */
const historiesBound = 4

/** Metres per second: a leg that is faster is possible, and yet its end may be the error. */
const ordinarySpeed = 15

/**
 * An ordinary leg: nobody doubts its end. After a longer time
 * than usual the first fix has nothing to be compared with.
 */
export function isOrdinary(from: Waypoint, to: Waypoint, speed: number, usualMs: number): boolean {
  return speed <= ordinarySpeed && to.at - from.at <= usualMs
}

/**
 * The histories after a fix, the one to show first, and which fix the new one follows
 * on: null where it is the first of its own, undefined behind a leap. They are those
 * among which the track chooses when the ride has ended (`possibleRuns`), by the same
 * costs, but for those that differ from a better one by ordinary legs alone.
 */
export function historiesWith(
  histories: readonly [History, ...History[]],
  fix: Waypoint,
  usualMs: number,
): { readonly histories: readonly History[]; readonly from: Waypoint | null | undefined } {
  let onwards: History | undefined
  let from: Waypoint | null | undefined
  const left: History[] = []
  for (const history of histories) {
    const leg = history.fix === null ? undefined : legBetween(history.fix, fix)
    const canFollow = leg === undefined || leg.speed <= possibleSpeed
    if (canFollow && (onwards === undefined || isBefore(history, onwards.cost))) {
      from = history.fix
      const distance = history.distance + (leg?.distance ?? 0)
      const movingMs = history.movingMs + (leg?.movingMs ?? 0)
      onwards = { fix, distance, movingMs, cost: history.cost }
    }
    const isMerged =
      history.fix !== null && leg !== undefined && isOrdinary(history.fix, fix, leg.speed, usualMs)
    if (!isMerged) left.push({ ...history, cost: history.cost + 1 })
  }
  const leapt: History = { ...histories[0], fix, cost: histories[0].cost + leapCost }
  const newest =
    onwards !== undefined && isBefore({ fix: from ?? null, cost: onwards.cost }, leapt.cost) ? onwards : leapt
  const least = left.reduce((cost, history) => Math.min(cost, history.cost), newest.cost)
  // From where a leap leads as far for as little, nobody goes on.
  const open = left.filter((history) => isBefore(history, least + leapCost)).sort(byCost)
  const kept = [newest, ...open].slice(0, historiesBound).sort(byCost)
  return { histories: kept, from: newest === leapt ? undefined : from }
}

/** Whether it is chosen before another of this cost: of equals the one that begins anew, as in the track. */
function isBefore({ fix, cost }: Pick<History, 'fix' | 'cost'>, other: number): boolean {
  return fix === null ? cost <= other : cost < other
}

/** Of equals the newer stays first. */
function byCost(a: History, b: History): number {
  return a.cost - b.cost
}

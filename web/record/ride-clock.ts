/**
 * The times of a ride, in an order that the server takes: none before the one that was written last, though the phone's clock
 * may be set back, and though browsers count the times of positions from other beginnings than 1970.
 */

export interface RideClock {
  /** Written last. */
  readonly lastAt: number
  /** How far the phone's clock was set back while the ride goes on: so much is added to what it says. */
  readonly shiftMs: number
}

/** Clocks of receivers and phones differ by less; beyond it, one of them is wrong, and the phone's is what commands go by. */
const toleranceMs = 10_000

/** Milliseconds from 1970 to 2001, where Apple's devices begin to count. */
const appleEpochMs = 978_307_200_000

export function clockFrom(lastAt: number): RideClock {
  return { lastAt, shiftMs: 0 }
}

/** When a command is given. */
export function commandTime(
  clock: RideClock,
  nowMs: number,
): { readonly at: number; readonly clock: RideClock } {
  const shifted = shiftedBy(clock, nowMs)
  const at = Math.max(Math.round(nowMs + shifted.shiftMs), shifted.lastAt)
  return { at, clock: { ...shifted, lastAt: at } }
}

/**
 * When a position was taken.
 *
 * @param timestamp as the browser has it.
 * @param timeOriginMs when the page began (`performance.timeOrigin`).
 * @returns `at` null: it is no newer than what was written, and tells nothing.
 */
export function positionTime(
  clock: RideClock,
  timestamp: number,
  nowMs: number,
  timeOriginMs: number,
): { readonly at: number | null; readonly clock: RideClock } {
  const shifted = shiftedBy(clock, nowMs)
  const at = Math.round(sinceEpoch(timestamp, nowMs, timeOriginMs) + shifted.shiftMs)
  if (at <= shifted.lastAt) return { at: null, clock: shifted }
  return { at, clock: { ...shifted, lastAt: at } }
}

function shiftedBy(clock: RideClock, nowMs: number): RideClock {
  const behindMs = clock.lastAt - (nowMs + clock.shiftMs)
  return behindMs > toleranceMs ? { ...clock, shiftMs: clock.shiftMs + Math.round(behindMs) } : clock
}

/** What the timestamp means that is nearest to now; now, where it can mean nothing near. */
function sinceEpoch(timestamp: number, nowMs: number, timeOriginMs: number): number {
  const meanings = [
    timestamp,
    timestamp + appleEpochMs,
    timestamp * 1_000,
    timestamp / 1_000,
    timestamp + timeOriginMs,
  ]
  return meanings.find((ms) => ms >= nowMs - toleranceMs && ms <= nowMs + toleranceMs) ?? nowMs
}

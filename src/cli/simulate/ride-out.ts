/**
 * One rider: he goes out, arrives, and goes out again after a while, until he is called off.
 *
 *   riding ─► arrived ─► waiting a while ─► riding …
 */

import { type SendMeans, type SentRide, sendRide, type Trouble } from './send-ride.ts'

export interface RideOutMeans extends SendMeans {
  /** Times real time. */
  readonly speed: number
  /** Where simulated time is, in milliseconds since 1970-01-01 UTC. */
  readonly simulatedNow: () => number
}

/** Between two uploads of a rider, in milliseconds: each has a phone of his own. */
const leastSpanMs = 2_000
const mostSpanMs = 5_000
/** Between two rides of a rider, in milliseconds. */
const leastRestMs = 5_000
const mostRestMs = 40_000

/** @param outing is asked for each ride, with the time at which it begins. */
export async function rideOut(
  outing: (startedAt: number) => SentRide,
  means: RideOutMeans,
): Promise<Trouble> {
  const { clock, random, signal, speed, simulatedNow } = means
  // At a higher speed as many uploads, of more positions each.
  const spanMs = between(leastSpanMs, mostSpanMs, random) * Math.max(1, speed)
  while (!signal.aborted) {
    const pace = { speed, spanMs, firstSpanMs: spanMs * random() }
    const trouble = await sendRide(outing(Math.round(simulatedNow())), pace, means)
    if (trouble !== undefined) return trouble
    await clock.wait(between(leastRestMs, mostRestMs, random) / speed, signal)
  }
  return undefined
}

function between(least: number, most: number, random: () => number): number {
  return least + (most - least) * random()
}

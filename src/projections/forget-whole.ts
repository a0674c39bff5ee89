/**
 * Forgetting a rider, from the first ride to the last look.
 *
 *   rides found ─► each deleted and redacted ─► looked for again, until there are none ─► the read side follows ─► the rider
 *   goes ─► looked for everywhere
 */
import { isUnavailable } from '#database/faults.ts'
import { pause } from '#log/hint.ts'
import {
  forgetRide,
  type Means,
  type Remains,
  type RideToForget,
  remainsOf,
  removeRider,
  ridesOf,
} from './forget-rider.ts'
import type { Projection } from './projection.ts'
import { readSideFollows } from './read-side-follows.ts'

export type ForgetOutcome =
  | { readonly outcome: 'forgotten'; readonly rides: number }
  | { readonly outcome: 'stopped'; readonly rides: number }
  | { readonly outcome: 'remains'; readonly rides: number; readonly remains: readonly Remains[] }

export interface ForgetMeans extends Means {
  readonly projections: readonly Projection[]
  readonly partitions: number
  /** What else the rider has asked for, and no table of ours refers to: his webhooks, which are in a room of their own. */
  readonly forgetBeside: (riderId: string) => Promise<void>
}

export interface Forgetting {
  readonly riderId: string
  /** Who has to be there for others to go on. */
  readonly keepsRider: boolean
  readonly progress: {
    update(done: number, total: number): void
  }
  readonly signal: AbortSignal
}

const betweenAttemptsMs = 1_000
const mostLooks = 5

export async function forgetWhole(
  { projections, partitions, forgetBeside, ...means }: ForgetMeans,
  { riderId, keepsRider, progress, signal }: Forgetting,
): Promise<ForgetOutcome> {
  const { database } = means
  const forgotten: RideToForget[] = []
  try {
    await forgetRides()
    await readSideFollows({ database, projections, partitions }, signal)
    // Until here whoever keeps a copy could be told that the rides are deleted.
    await forgetBeside(riderId)
    if (!keepsRider) await removeRider(database, riderId)
    const remains = await lookEverywhere()
    return remains.length > 0
      ? { outcome: 'remains', rides: forgotten.length, remains }
      : { outcome: 'forgotten', rides: forgotten.length }
  } catch (error) {
    if (signal.aborted) return { outcome: 'stopped', rides: forgotten.length }
    throw error
  }

  async function forgetRides(): Promise<void> {
    for (;;) {
      signal.throwIfAborted()
      const rides = await ridesOf(database, riderId)
      if (rides.length === 0) return
      const total = forgotten.length + rides.length
      for (const ride of rides) {
        progress.update(forgotten.length, total)
        while (!signal.aborted && !(await attempt(ride))) await pause(betweenAttemptsMs, signal)
        signal.throwIfAborted()
        forgotten.push(ride)
      }
      progress.update(forgotten.length, total)
    }
  }

  async function attempt(ride: RideToForget): Promise<boolean> {
    try {
      return await forgetRide(means, ride)
    } catch (error) {
      if (isUnavailable(error)) return false
      throw error
    }
  }

  /** What others do with his rides, as who finishes them, may take a moment longer. */
  async function lookEverywhere(): Promise<Remains[]> {
    for (let looks = 1; ; looks++) {
      const remains = await remainsOf(database, { riderId, rides: forgotten, projections })
      if (remains.length === 0 || looks === mostLooks) return remains
      await pause(betweenAttemptsMs, signal)
    }
  }
}

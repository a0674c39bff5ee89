/**
 * Forgetting a rider, from the first ride to the last look.
 *
 *   rides found ─► each deleted and redacted ─► looked for again, until there are none ─► the read side follows ─► the rider
 *   goes ─► looked for everywhere
 */
import { describeFault } from '#database/fault-description.ts'
import { summaryOf } from '#database/fault-summary.ts'
import { isAway, isUnavailable } from '#database/faults.ts'
import { openCommands } from '#log/commands.ts'
import { pause } from '#log/hint.ts'
import { readHead } from '#log/read-all.ts'
import { redactAll } from '#log/redact.ts'
import { openAdministration } from '#projections/administration.ts'
import {
  forgetRide,
  type Remains,
  type RideToForget,
  remainsOf,
  removeRider,
  ridesOf,
} from '#projections/forget-rider.ts'
import { vacuumDeleted } from '#projections/vacuum-deleted.ts'
import { workerNews } from '#projections/worker-news.ts'
import { runWorkers } from '#projections/workers.ts'
import { rideDecider } from '#ride/decider.ts'
import { forgetWebhooks } from '#webhooks/webhooks.ts'
import type { OpenedForCli } from '../open-log.ts'
import type { Progress } from './progress.ts'

export type ForgetOutcome =
  | { readonly outcome: 'forgotten'; readonly rides: number }
  | { readonly outcome: 'stopped'; readonly rides: number }
  | { readonly outcome: 'remains'; readonly rides: number; readonly remains: readonly Remains[] }

export interface ForgetOptions {
  readonly riderId: string
  /** Who has to be there for others to go on. */
  readonly keepsRider: boolean
  readonly now: () => number
  readonly progress: Progress
  readonly signal: AbortSignal
}

const betweenAttemptsMs = 1_000
const betweenLooksMs = 100
const mostLooks = 5

export async function forgetRider(
  opened: OpenedForCli,
  { riderId, keepsRider, now, progress, signal }: ForgetOptions,
): Promise<ForgetOutcome> {
  const { work: database, url, log, listener, projections } = opened
  const { partitions } = log
  const commands = openCommands(log, rideDecider, { cachedStreams: 0 })
  const means = { database, log, commands, now }
  const forgotten: RideToForget[] = []
  const ending = new AbortController()
  // With a server running its workers do the same; without one, somebody has to.
  const tell = (what: string) => progress.say(what)
  const working = runWorkers({
    ...workerNews({ database, now, tell, onFault: tell }),
    database,
    listener,
    projections,
    partitions,
    signal: AbortSignal.any([signal, ending.signal]),
  })
  try {
    for (;;) {
      const rides = await ridesOf(database, riderId)
      if (rides.length === 0) break
      const total = forgotten.length + rides.length
      for (const ride of rides) {
        progress.update(forgotten.length, total)
        while (!signal.aborted && !(await attempt(ride))) await pause(betweenAttemptsMs, signal)
        if (signal.aborted) return { outcome: 'stopped', rides: forgotten.length }
        forgotten.push(ride)
      }
      progress.update(forgotten.length, total)
    }
    await redactDeleted()
    await readSideFollows()
    // Until here whoever keeps a copy could be told that the rides are deleted.
    await forgetWebhooks(database, riderId)
    if (!keepsRider) await removeRider(database, riderId)
    const remains = await lookEverywhere()
    if (remains.length > 0) return { outcome: 'remains', rides: forgotten.length, remains }
    await vacuumDeleted({ database, url, projections, signal })
    return { outcome: 'forgotten', rides: forgotten.length }
  } catch (error) {
    if (signal.aborted) return { outcome: 'stopped', rides: forgotten.length }
    throw error
  } finally {
    ending.abort()
    await working
  }

  async function attempt(ride: RideToForget): Promise<boolean> {
    try {
      return await forgetRide(means, ride)
    } catch (error) {
      if (isUnavailable(error)) return false
      throw error
    }
  }

  /** What was deleted before and whose content is still there, of whomever: an earlier attempt may have ended in between. */
  async function redactDeleted(): Promise<void> {
    const onFault = (error: unknown) => {
      if (!isAway(error))
        progress.say(`A deleted ride could not be redacted: ${summaryOf(describeFault(error))}`)
    }
    await redactAll(database, { signal, onFault })
    signal.throwIfAborted()
  }

  /** What another rider has just deleted may be in the way for a moment. */
  async function lookEverywhere(): Promise<Remains[]> {
    for (let looks = 1; ; looks++) {
      const remains = await remainsOf(database, { riderId, rides: forgotten, projections })
      if (remains.length === 0 || looks === mostLooks) return remains
      await pause(betweenAttemptsMs, signal)
      await redactDeleted()
    }
  }

  async function readSideFollows(): Promise<void> {
    const heads: number[] = []
    for (let partition = 0; partition < partitions; partition++) {
      heads.push(await readHead(database, partition))
    }
    const administration = openAdministration({ database, projections, partitions })
    for (;;) {
      const versions = await administration.status()
      const behind = versions.flatMap((version) => version.partitions)
      if (behind.every(({ partition, position }) => position >= heads[partition]!)) return
      signal.throwIfAborted()
      await pause(betweenLooksMs, signal)
    }
  }
}

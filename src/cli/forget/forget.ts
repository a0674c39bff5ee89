/** Forgets a rider while it does the workers' work: without a server running nobody else would. */
import { openCommands } from '#log/commands.ts'
import { type ForgetOutcome, forgetWhole } from '#projections/forget-whole.ts'
import { removeMark } from '#projections/leaving-riders.ts'
import { vacuumDeleted } from '#projections/vacuum-deleted.ts'
import { workerNews } from '#projections/worker-news.ts'
import { runWorkers } from '#projections/workers.ts'
import { rideDecider } from '#ride/decider.ts'
import { forgetWebhooks } from '#webhooks/webhooks.ts'
import type { OpenedForCli } from '../open-log.ts'
import type { Progress } from './progress.ts'

export interface ForgetOptions {
  readonly riderId: string
  /** Who has to be there for others to go on. */
  readonly keepsRider: boolean
  readonly now: () => number
  readonly progress: Progress
  readonly signal: AbortSignal
}

export async function forgetRider(
  { work: database, url, log, listener, projections }: OpenedForCli,
  { riderId, keepsRider, now, progress, signal }: ForgetOptions,
): Promise<ForgetOutcome> {
  const { partitions } = log
  const commands = openCommands(log, rideDecider, { cachedStreams: 0 })
  const ending = new AbortController()
  // With a server running its workers do the same; without one, somebody has to.
  const tell = (what: string) => progress.say(what)
  const working = runWorkers({
    ...workerNews({ database, now, tell, onFault: tell }),
    database,
    listener,
    projections,
    partitions,
    now,
    signal: AbortSignal.any([signal, ending.signal]),
  })
  try {
    const forgetBeside = (id: string) => forgetWebhooks(database, id)
    const outcome = await forgetWhole(
      { database, log, commands, now, projections, partitions, forgetBeside },
      { riderId, keepsRider, progress, signal },
    )
    if (outcome.outcome === 'forgotten') {
      // He may have asked for it himself.
      await removeMark(database, riderId)
      await vacuumDeleted({ database, url, projections, signal })
    }
    return outcome
  } finally {
    ending.abort()
    await working
  }
}

/**
 * Forgets riders who have left (0016_leaving_riders.sql), as `npm run forget` does. By the mark that they left behind it goes on
 * after any end, in whichever process: what is done twice is done once.
 *
 *   marked ─► rides in progress deleted, by whoever was asked ─► all others deleted ─► nobody can come as him any more ─► all of it
 *   once more, and the rider goes ─► looked for everywhere ─► the mark goes
 */
import { type Queryable, sql } from '@databases/pg'
import { isAway } from '#database/faults.ts'
import { createHint } from '#log/hint.ts'
import { forgetRide, type Means } from './forget-rider.ts'
import { type ForgetMeans, forgetWhole } from './forget-whole.ts'
import { ridesInProgressOf } from './stale-masks.ts'

export interface Leavers {
  /** Somebody may have left. */
  wake(): void
  /** Runs until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>
}

export interface LeaversOptions extends ForgetMeans {
  /** What was deleted is still in the tables' pages. */
  readonly vacuum: (signal: AbortSignal) => Promise<void>
  readonly onFault: (error: unknown) => void
  /** What is still there and should not be, in words. */
  readonly tell: (what: string) => void
  readonly settlesAfterMs?: number
}

const pollMs = 10_000
/** A process that was not told that a credential has ended takes it for ten seconds at most. */
const ordinarilySettlesAfterMs = 12_000

export function createLeavers(options: LeaversOptions): Leavers {
  const { vacuum, onFault, tell, settlesAfterMs = ordinarilySettlesAfterMs, ...means } = options
  const { database, now } = means
  const hint = createHint()

  /** Those who left last wait for nobody: of everybody the rides go first. Answers when to look again. */
  async function forgetLeaving(signal: AbortSignal): Promise<number> {
    let isAny = false
    let againInMs = pollMs
    for (const { riderId, askedAt } of await leavingRiders(database)) {
      const settlesInMs = Math.max(0, askedAt + settlesAfterMs - now())
      const outcome = await forgetWhole(means, {
        riderId,
        keepsRider: false,
        ridesAlone: settlesInMs > 0,
        progress: { update: () => undefined, say: tell },
        signal,
      })
      if (outcome.outcome === 'stopped') return againInMs
      if (outcome.outcome === 'remains') {
        const remains = outcome.remains.map(({ what, count }) => `${count} in ${what}`)
        tell(`Of a rider who has left not all is forgotten yet: ${remains.join(', ')}`)
      } else if (settlesInMs > 0) {
        againInMs = Math.min(againInMs, settlesInMs)
      } else {
        await removeMark(database, riderId)
        isAny = true
      }
    }
    if (isAny) await vacuum(signal)
    return againInMs
  }

  return {
    wake: () => hint.give(),
    async run(signal) {
      while (!signal.aborted) {
        let againInMs = pollMs
        try {
          againInMs = await forgetLeaving(signal)
        } catch (error) {
          if (!signal.aborted && !isAway(error)) onFault(error)
        }
        await hint.wait(againInMs, signal)
      }
    },
  }
}

/** What somebody watches now does not wait for the worker. */
export async function forgetRidesInProgress(means: Means, riderId: string): Promise<void> {
  for (const rideId of await ridesInProgressOf(means.database, riderId)) {
    await forgetRide(means, { partition: means.log.partitionOf(rideId), rideId })
  }
}

export async function removeMark(database: Queryable, riderId: string): Promise<void> {
  await database.query(sql`delete from leaving_riders where rider_id = ${riderId}`)
}

interface Leaving {
  readonly riderId: string
  /** Milliseconds since 1970. */
  readonly askedAt: number
}

/** Who asked first comes first. */
async function leavingRiders(database: Queryable): Promise<Leaving[]> {
  return database.query(sql`
    select rider_id as "riderId", (extract(epoch from asked_at) * 1000)::double precision as "askedAt"
      from leaving_riders order by asked_at, rider_id`)
}

/**
 * Forgets riders who have left (0016_leaving_riders.sql), as `npm run forget` does. By the mark that they left behind it goes on
 * after any end, in whichever process: what is done twice is done once.
 *
 *   marked ─► rides in progress deleted, by whoever was asked ─► all others deleted ─► nobody can come as him any more ─► rides
 *   looked for once more ─► the read side follows ─► the rider goes ─► looked for everywhere ─► the mark goes
 *
 * Nobody waits for another: of everybody the rides go first, and whoever cannot be forgotten yet is passed over, each time for longer,
 * for to look for his rides takes a look through all streams.
 */
import { type Queryable, sql } from '@databases/pg'
import { type Backoff, backoffMs } from '#database/backoff.ts'
import { isAway, isUnavailable } from '#database/faults.ts'
import { createHint } from '#log/hint.ts'
import { forgetRide, type Means, type RideToForget, remainsOf, removeRider, ridesOf } from './forget-rider.ts'
import type { ForgetMeans } from './forget-whole.ts'
import { readSideFollows } from './read-side-follows.ts'
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
  /** How long whoever cannot be forgotten is passed over. */
  readonly passedOver?: Backoff
}

const pollMs = 10_000
/** A process that was not told that a credential has ended takes it for ten seconds at most. */
const ordinarilySettlesAfterMs = 12_000

/** A version that is being built may need hours: who waits for that comes again with the next look. */
const followsWithinMs = 3_000
/** The first time hardly anybody notices; then what is in the way needs somebody who takes it out of it. */
const ordinarilyPassedOver: Backoff = { firstMs: 10_000, longestMs: 3_600_000 }

/** What stays as it is is told so often, not with every look. */
const toldEveryMs = 3_600_000

export function createLeavers(options: LeaversOptions): Leavers {
  const { settlesAfterMs = ordinarilySettlesAfterMs, passedOver = ordinarilyPassedOver } = options
  const { vacuum, onFault, tell, ...means } = options
  const { database, projections, now, forgetBeside } = means
  const hint = createHint()
  const known = new Map<string, Known>()

  /** Answers when to look again. */
  async function forgetLeaving(signal: AbortSignal): Promise<number> {
    const leaving = await leavingRiders(database)
    const ids = new Set(leaving.map(({ riderId }) => riderId))
    for (const riderId of known.keys()) if (!ids.has(riderId)) known.delete(riderId)

    let againInMs = pollMs
    const withoutRides: Leaving[] = []
    for (const rider of leaving) {
      const { riderId, askedAt, dueInMs } = rider
      if (dueInMs > 0) {
        againInMs = Math.min(againInMs, dueInMs)
        continue
      }
      const settlesInMs = Math.max(0, askedAt + settlesAfterMs - now())
      // Once nobody can come as him any more there are none but those that were seen.
      const { isWithoutRides } = knownOf(riderId)
      const areGone = isWithoutRides || (await alone(rider, signal, () => forgetRides(riderId, signal)))
      if (settlesInMs > 0) againInMs = Math.min(againInMs, settlesInMs)
      else if (areGone) {
        knownOf(riderId).isWithoutRides = true
        withoutRides.push(rider)
      }
    }
    if (withoutRides.length === 0) return againInMs
    if (!(await readSideFollows(means, signal, followsWithinMs))) return againInMs
    let isAny = false
    for (const rider of withoutRides) {
      if (await alone(rider, signal, () => forgetRest(rider))) isAny = true
    }
    if (isAny) await vacuum(signal)
    return againInMs
  }

  /** Whether it was done. What fails of one rider keeps no other waiting. */
  async function alone(rider: Leaving, signal: AbortSignal, act: () => Promise<boolean>): Promise<boolean> {
    signal.throwIfAborted()
    try {
      return await act()
    } catch (error) {
      if (signal.aborted || isAway(error)) throw error
      rarely(rider.riderId, 'fault', () => onFault(error))
      await passOver(rider)
      return false
    }
  }

  async function passOver({ riderId, attempts }: Leaving): Promise<void> {
    const seconds = backoffMs(attempts + 1, passedOver, Math.random) / 1_000
    await database.query(sql`
      update leaving_riders
         set attempts = ${attempts + 1}, next_attempt_at = clock_timestamp() + make_interval(secs => ${seconds})
       where rider_id = ${riderId}`)
  }

  /** Whether none is left. One that cannot be deleted keeps none of his others. */
  async function forgetRides(riderId: string, signal: AbortSignal): Promise<boolean> {
    const faults: unknown[] = []
    let areGone = true
    for (const ride of await ridesOf(database, riderId)) {
      signal.throwIfAborted()
      knownOf(riderId).rides.set(ride.rideId, ride)
      try {
        if (!(await forgetRide(means, ride))) areGone = false
      } catch (error) {
        if (isAway(error)) throw error
        areGone = false
        if (!isUnavailable(error)) faults.push(error)
      }
    }
    if (faults.length > 0) throw faults[0]
    return areGone
  }

  /** Whether nothing is left. Until here whoever keeps a copy could be told that the rides are deleted. */
  async function forgetRest(rider: Leaving): Promise<boolean> {
    const { riderId } = rider
    await forgetBeside(riderId)
    await removeRider(database, riderId)
    const rides = [...knownOf(riderId).rides.values()]
    const remains = await remainsOf(database, { riderId, rides, projections })
    if (remains.length > 0) {
      const inWords = remains.map(({ what, count }) => `${count} in ${what}`).join(', ')
      rarely(riderId, 'remains', () => tell(`Of a rider who has left not all is forgotten yet: ${inWords}`))
      knownOf(riderId).isWithoutRides = false
      await passOver(rider)
      return false
    }
    await removeMark(database, riderId)
    return true
  }

  function rarely(riderId: string, what: 'fault' | 'remains', say: () => void): void {
    const { toldAt } = knownOf(riderId)
    if (now() - (toldAt.get(what) ?? Number.NEGATIVE_INFINITY) < toldEveryMs) return
    toldAt.set(what, now())
    say()
  }

  function knownOf(riderId: string): Known {
    const there = known.get(riderId) ?? { rides: new Map(), toldAt: new Map(), isWithoutRides: false }
    known.set(riderId, there)
    return there
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

/** What this process remembers of somebody until he is forgotten. */
interface Known {
  /** His, as was still to be seen. */
  readonly rides: Map<string, RideToForget>
  readonly toldAt: Map<'fault' | 'remains', number>
  isWithoutRides: boolean
}

interface Leaving {
  readonly riderId: string
  /** Milliseconds since 1970. */
  readonly askedAt: number
  /** That failed. */
  readonly attempts: number
  /** Until he is tried again; over where it is not more than 0. */
  readonly dueInMs: number
}

/** Who asked first comes first. */
async function leavingRiders(database: Queryable): Promise<Leaving[]> {
  return database.query(sql`
    select rider_id as "riderId", (extract(epoch from asked_at) * 1000)::double precision as "askedAt", attempts,
           (extract(epoch from greatest(next_attempt_at, asked_at) - clock_timestamp()) * 1000)::double precision as "dueInMs"
      from leaving_riders order by asked_at, rider_id`)
}

/**
 * Masks rides anew: all of a rider's when his zones have changed, which nobody else sees until then; and, a while after it
 * ended in a zone, a ride whose end others may learn of now. Both are said in the ride's own stream, so that everybody who
 * reads it comes to know in the same order. What is masked twice is masked once: the events' ids are derived.
 */
import { type ConnectionPool, sql } from '@databases/pg'
import { isUnavailable } from '#database/faults.ts'
import { createHint } from '#log/hint.ts'
import { lastMaskOf, type MaskingMeans, type MaskOutcome, maskRide } from './mask-ride.ts'
import { maskOfRider } from './masks.ts'
import {
  batchSize,
  beginning,
  type RidePlace,
  type Stale,
  staleInProgress,
  staleOfRider,
  unended,
} from './stale-masks.ts'

export interface Masker {
  /** Some rider's zones may have changed. */
  wake(): void
  /** Runs until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>
}

export interface MaskerOptions extends MaskingMeans {
  readonly database: ConnectionPool
  readonly onFault: (error: unknown) => void
}

const pollMs = 2_000
/** From then on nobody can tell any more how long the way to the end took. */
const endKnownAfterMs = 1_800_000
/** A ride that fails is tried again then, and told of as often. */
const tryAgainAfterMs = 60_000

export function createMasker({ database, onFault, ...means }: MaskerOptions): Masker {
  const { log, now } = means
  const hint = createHint()
  /** By ride: those that failed, and when they are tried again, by `performance.now()`. */
  const failed = new Map<string, number>()

  async function reveal(signal: AbortSignal): Promise<void> {
    for (let after: RidePlace | undefined = beginning; after !== undefined && !signal.aborted; ) {
      const due: RidePlace[] = await database.query(sql`
        select partition, ride_id from reveal_outbox
         where due_at <= to_timestamp(${now() / 1000})
           and (partition, ride_id) > (${after.partition}::smallint, ${after.ride_id}::uuid)
         order by partition, ride_id limit ${batchSize}`)
      for (const { partition, ride_id: rideId } of due) {
        const outcome = await orFailed(rideId, () => revealEnd(rideId))
        if (outcome === 'overloaded') return
        if (!isDone(outcome)) continue
        await database.query(
          sql`delete from reveal_outbox where partition = ${partition} and ride_id = ${rideId}`,
        )
      }
      after = due[batchSize - 1]
    }
  }

  async function revealEnd(rideId: string): Promise<MaskOutcome | 'masked anew'> {
    const last = await lastMaskOf(log, rideId)
    if (last === undefined || last === 'gone') return 'gone'
    const outcome = await maskRide(means, rideId, { ...last, isEndKnown: true })
    // Then by the newer zones, the next time.
    return outcome === 'refused' && !last.isEndKnown ? 'masked anew' : outcome
  }

  /** By their ids, so that nobody of whom something fails keeps the others from it. */
  async function maskRiders(signal: AbortSignal): Promise<void> {
    for (let after: string | undefined = beginning.ride_id; after !== undefined; ) {
      const riders: { rider_id: string; mask_version: number; masked_version: number }[] =
        await database.query(sql`
          select rider_id, mask_version, masked_version from riders
           where mask_version > masked_version and rider_id > ${after} order by rider_id limit ${batchSize}`)
      for (const { rider_id: riderId, mask_version: version, masked_version: before } of riders) {
        const result = await maskAll((place) => staleOfRider(database, riderId, place), signal)
        if (result === 'stopped') return
        // Another mark than when this began: there are more since (`ride-changes.ts`).
        if (result === 'done')
          await database.query(sql`
            update riders set masked_version = ${version} where rider_id = ${riderId} and masked_version = ${before}`)
      }
      after = riders[batchSize - 1]?.rider_id
    }
  }

  /**
   * By their key: what the read tables, which follow, show of one as it was is not masked twice, and those that cannot be masked
   * keep none from it.
   */
  async function maskAll(
    behind: (after: RidePlace) => Promise<Stale[]>,
    signal: AbortSignal,
  ): Promise<Masked> {
    let isAll = true
    for (let after: RidePlace | undefined = beginning; after !== undefined; ) {
      const rides = await behind(after)
      const result = await maskThose(rides, signal)
      if (result === 'stopped') return result
      if (result === 'some failed') isAll = false
      after = rides[batchSize - 1]
    }
    return isAll ? 'done' : 'some failed'
  }

  async function maskThose(rides: readonly Stale[], signal: AbortSignal): Promise<Masked> {
    let isAll = true
    for (const { ride_id: rideId, rider_id: riderId, status, finished_at: finishedAt } of rides) {
      if (signal.aborted) return 'stopped'
      const isEndKnown = status === 'FINISHED' && finishedAt !== null && finishedAt < now() - endKnownAfterMs
      const outcome = await orFailed(rideId, async () =>
        maskRide(means, rideId, { mask: await maskOfRider(database, riderId), isEndKnown }),
      )
      if (outcome === 'overloaded') return 'stopped'
      if (!isDone(outcome)) isAll = false
    }
    return isAll ? 'done' : 'some failed'
  }

  /** Of one that fails, which is nobody else's affair, `failed`. */
  async function orFailed<Result>(
    rideId: string,
    work: () => Promise<Result>,
  ): Promise<Result | 'overloaded' | 'failed'> {
    if ((failed.get(rideId) ?? 0) > performance.now()) return 'failed'
    failed.delete(rideId)
    try {
      return await work()
    } catch (error) {
      onFault(error)
      if (isUnavailable(error)) return 'overloaded'
      failed.set(rideId, performance.now() + tryAgainAfterMs)
      return 'failed'
    }
  }

  return {
    wake: () => hint.give(),
    async run(signal) {
      while (!signal.aborted) {
        try {
          await maskRiders(signal)
          await maskAll((after) => staleInProgress(database, after), signal)
          await reveal(signal)
          await maskThose(await unended(database, now() - 2 * endKnownAfterMs), signal)
        } catch (error) {
          onFault(error)
        }
        await hint.wait(pollMs, signal)
      }
    },
  }
}

/** Stopped: it is to end, or the database takes no more. */
type Masked = 'done' | 'some failed' | 'stopped'

function isDone(outcome: MaskOutcome | 'failed' | 'masked anew'): boolean {
  return outcome === 'accepted' || outcome === 'refused' || outcome === 'gone'
}

/**
 * Masks rides anew: all of a rider's when his zones have changed, which nobody else sees until then; and, a while after it
 * ended in a zone, a ride whose end others may learn of now. Both are said in the ride's own stream, so that everybody who
 * reads it comes to know in the same order. What is masked twice is masked once: the events' ids are derived.
 */
import { type ConnectionPool, sql } from '@databases/pg'
import { sql as kysely } from 'kysely'
import type { CommandOutcome, Commands } from '#log/commands.ts'
import { createHint } from '#log/hint.ts'
import type { Log } from '#log/log.ts'
import { readLastOf } from '#log/read.ts'
import { decodeRideEvent } from '#ride/encoding.ts'
import type { RideEventType } from '#ride/events.ts'
import { type Mask, noMask } from '#ride/mask.ts'
import type { Circumstances, RideCommand, RideRefusal } from '#ride/ride.ts'
import { derivedId } from './derived-id.ts'
import { maskOfRider } from './masks.ts'
import type { Serving } from './serving.ts'

export interface Masker {
  /** Some rider's zones may have changed. */
  wake(): void
  /** Runs until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>
}

export interface MaskerOptions extends MaskingMeans {
  readonly database: ConnectionPool
  readonly serving: Serving
  readonly onFault: (error: unknown) => void
}

export interface MaskingMeans {
  readonly log: Log
  readonly commands: Commands<RideCommand, Circumstances, RideRefusal>
  readonly now: () => number
}

const pollMs = 2_000
const batchSize = 100
/** From then on nobody can tell any more how long the way to the end took. */
const endKnownAfterMs = 1_800_000

interface Stale {
  readonly partition: number
  readonly ride_id: string
  readonly rider_id: string
  readonly status: string
  readonly finished_at: Date | null
}

/** Before every ride. */
const beginning: Pick<Stale, 'partition' | 'ride_id'> = {
  partition: -1,
  ride_id: '00000000-0000-0000-0000-000000000000',
}

export function createMasker({ database, serving, onFault, ...means }: MaskerOptions): Masker {
  const { log, now } = means
  const hint = createHint()

  async function reveal(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const due: { partition: number; ride_id: string }[] = await database.query(sql`
        select partition, ride_id from reveal_outbox where due_at <= to_timestamp(${now() / 1000})
         order by due_at limit ${batchSize}`)
      for (const { partition, ride_id: rideId } of due) {
        const last = await lastMaskOf(log, rideId)
        // Refused, it was masked anew meanwhile: then by the newer zones, the next time.
        const outcome =
          last === undefined ? 'gone' : await maskRide(means, rideId, { ...last, isEndKnown: true })
        if (outcome === 'refused' && !last?.isEndKnown) continue
        if (!isDone(outcome)) return
        await database.query(
          sql`delete from reveal_outbox where partition = ${partition} and ride_id = ${rideId}`,
        )
      }
      if (due.length < batchSize) return
    }
  }

  async function maskRiders(signal: AbortSignal): Promise<void> {
    const riders: { rider_id: string; mask_version: number }[] = await database.query(sql`
      select rider_id, mask_version from riders where mask_version > masked_version limit ${batchSize}`)
    for (const { rider_id: riderId, mask_version: version } of riders) {
      const ofHim = (after: typeof beginning) =>
        staleBehind(after).where('r.rider_id', '=', riderId).execute()
      if (!(await maskAll(ofHim, signal))) return
      await database.query(sql`
        update riders set masked_version = greatest(masked_version, ${version}) where rider_id = ${riderId}`)
    }
  }

  /**
   * Whether all are masked. By their key: what the read tables, which follow, show of one as it was is not masked twice, and those
   * that cannot be masked keep none from it.
   */
  async function maskAll(
    behind: (after: typeof beginning) => Promise<Stale[]>,
    signal: AbortSignal,
  ): Promise<boolean> {
    for (let after: typeof beginning | undefined = beginning; after !== undefined; ) {
      const rides = await behind(after)
      if (!(await maskThose(rides, signal))) return false
      after = rides[batchSize - 1]
    }
    return true
  }

  /** Whether all of them were masked. */
  async function maskThose(rides: readonly Stale[], signal: AbortSignal): Promise<boolean> {
    for (const { ride_id: rideId, rider_id: riderId, status, finished_at } of rides) {
      if (signal.aborted) return false
      const isOver = status === 'FINISHED' && finished_at !== null
      const isEndKnown = isOver && finished_at.getTime() < now() - endKnownAfterMs
      const mask = await maskOfRider(database, riderId)
      if (!isDone(await maskRide(means, rideId, { mask, isEndKnown }))) return false
    }
    return true
  }

  function staleBehind({ partition, ride_id }: typeof beginning) {
    return serving
      .read()
      .selectFrom('rides as r')
      .innerJoin('riders as u', 'u.rider_id', 'r.rider_id')
      .select(['r.partition', 'r.ride_id', 'r.rider_id', 'r.status', 'r.finished_at'])
      .where('r.audience', '<>', 'others')
      .whereRef('r.mask_version', '<', 'u.mask_version')
      .where(kysely<boolean>`(r.partition, r.ride_id) > (${partition}::smallint, ${ride_id}::uuid)`)
      .orderBy('r.partition')
      .orderBy('r.ride_id')
      .limit(batchSize)
  }

  /** Begun while the zones changed, by a process that had read the old ones: those that go on are few. */
  function staleInProgress(after: typeof beginning): Promise<Stale[]> {
    return staleBehind(after).where(kysely<boolean>`r.status in ('ACTIVE', 'PAUSED')`).execute()
  }

  /**
   * What others still see go on, long after it was finished: should the route, which is built of the whole ride, not have said that
   * it ends in a zone.
   */
  async function unended(): Promise<Stale[]> {
    return serving
      .read()
      .selectFrom('rides as r')
      .innerJoin('rides as o', (join) =>
        join
          .onRef('o.partition', '=', 'r.partition')
          .onRef('o.ride_id', '=', 'r.ride_id')
          .on('o.audience', '=', 'rider')
          .on('o.status', '=', 'FINISHED'),
      )
      .select(['r.partition', 'r.ride_id', 'r.rider_id', 'o.status', 'o.finished_at'])
      .where('r.audience', '=', 'others')
      .where(kysely<boolean>`r.status in ('ACTIVE', 'PAUSED')`)
      .where('o.finished_at', '<', kysely<Date>`to_timestamp(${(now() - 2 * endKnownAfterMs) / 1000})`)
      .limit(batchSize)
      .execute()
  }

  return {
    wake: () => hint.give(),
    async run(signal) {
      while (!signal.aborted) {
        try {
          await maskRiders(signal)
          await maskAll(staleInProgress, signal)
          await reveal(signal)
          await maskThose(await unended(), signal)
        } catch (error) {
          onFault(error)
        }
        await hint.wait(pollMs, signal)
      }
    },
  }
}

type Outcome = CommandOutcome<RideRefusal>['outcome']

/** Where it is masked by that version already, and its end as known, nothing happens. */
export async function maskRide(
  { log, commands, now }: MaskingMeans,
  rideId: string,
  { mask, isEndKnown }: { readonly mask: Mask; readonly isEndKnown: boolean },
): Promise<Outcome> {
  const purpose = `masked by ${mask.version}${isEndKnown ? ', its end known' : ''}`
  const { outcome } = await commands.handle({
    streamId: rideId,
    eventId: derivedId(log, purpose, rideId),
    contentHash: '',
    command: { type: 'maskRide', mask, isEndKnown },
    circumstances: { actor: 'system', now: now() },
    metadata: { actor: 'system' },
  })
  return outcome
}

/** Undefined of a ride that is deleted. */
async function lastMaskOf(
  log: Log,
  rideId: string,
): Promise<{ readonly mask: Mask; readonly isEndKnown: boolean } | undefined> {
  const types: RideEventType[] = ['RideStarted', 'RideMasked']
  const last = await readLastOf(log, rideId, { types, upTo: 2 ** 31 - 1 })
  if (last === undefined || last.data === null) return undefined
  const event = decodeRideEvent(last)
  if (event.type === 'RideMasked') return event
  return event.type === 'RideStarted' ? { mask: event.mask ?? noMask, isEndKnown: false } : undefined
}

function isDone(outcome: Outcome): boolean {
  return outcome === 'accepted' || outcome === 'refused' || outcome === 'gone'
}

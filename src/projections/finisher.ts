/**
 * Calls rides finished. A route is written with a row in the outbox; after that commit RideFinished goes through the
 * ordinary append, and the row is removed. Done twice it is done once: the event's id is derived from the ride's.
 * (Appending inside the projection's transaction would hold the partition's mutex: a worker stopped for 3 s there
 * stopped every writer for 3 s.)
 */
import { type ConnectionPool, sql } from '@databases/pg'
import type { Commands } from '#log/commands.ts'
import { createHint } from '#log/hint.ts'
import type { Circumstances, RideCommand, RideRefusal } from '#ride/ride.ts'
import { derivedId } from './derived-id.ts'

export interface Finisher {
  /** There may be rides in the outbox. */
  wake(): void
  /** Runs until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>
}

export interface FinisherOptions {
  readonly database: ConnectionPool
  readonly commands: Commands<RideCommand, Circumstances, RideRefusal>
  readonly now: () => number
  readonly onFault: (error: unknown) => void
}

const pollMs = 2_000
const batchSize = 100

export function createFinisher({ database, commands, now, onFault }: FinisherOptions): Finisher {
  const hint = createHint()

  /** How many rides were finished. */
  async function finishSome(): Promise<number> {
    const rows: { partition: number; ride_id: string }[] = await database.query(
      sql`select partition, ride_id from finish_outbox limit ${batchSize}`,
    )
    // One that fails must not keep the others in the outbox.
    const finished = await Promise.allSettled(rows.map(({ ride_id }) => finish(ride_id)))
    for (const result of finished) if (result.status === 'rejected') onFault(result.reason)
    const done = rows.filter((_, index) => {
      const result = finished[index]
      return result?.status === 'fulfilled' && result.value
    })
    if (done.length > 0) {
      await database.query(sql`
        delete from finish_outbox o
         using unnest(${done.map((row) => row.partition)}::smallint[], ${done.map((row) => row.ride_id)}::uuid[]) as d (partition, ride_id)
         where o.partition = d.partition and o.ride_id = d.ride_id`)
    }
    return done.length
  }

  async function finish(rideId: string): Promise<boolean> {
    const { outcome } = await commands.handle({
      streamId: rideId,
      eventId: derivedId('RideFinished', rideId),
      contentHash: '',
      command: { type: 'finishRide' },
      circumstances: { actor: 'system', now: now() },
      metadata: { actor: 'system' },
    })
    return outcome === 'accepted' || outcome === 'refused' || outcome === 'gone'
  }

  return {
    wake: () => hint.give(),
    async run(signal) {
      while (!signal.aborted) {
        try {
          if ((await finishSome()) > 0) continue
        } catch (error) {
          onFault(error)
        }
        await hint.wait(pollMs, signal)
      }
    },
  }
}

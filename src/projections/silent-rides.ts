/** Ends rides that have been silent for twelve hours: a device that died must not leave a ride open for ever. */
import { type ConnectionPool, sql } from '@databases/pg'
import type { Commands } from '#log/commands.ts'
import { createHint } from '#log/hint.ts'
import type { Circumstances, RideCommand, RideRefusal } from '#ride/ride.ts'
import { derivedId } from './finisher.ts'

export interface SilentRidesOptions {
  readonly database: ConnectionPool
  readonly commands: Commands<RideCommand, Circumstances, RideRefusal>
  readonly now: () => number
  readonly onFault: (error: unknown) => void
  readonly signal: AbortSignal
  readonly intervalMs?: number
}

export const silenceMs = 12 * 3_600_000

/** Looks now and then, until `signal` aborts. */
export async function endSilentRides(options: SilentRidesOptions): Promise<void> {
  const { database, commands, now, onFault, signal, intervalMs = 300_000 } = options
  const nobody = createHint()
  while (!signal.aborted) {
    try {
      await endThose()
    } catch (error) {
      onFault(error)
    }
    await nobody.wait(intervalMs, signal)
  }

  async function endThose(): Promise<void> {
    const rows: { ride_id: string; version: number; ended: number }[] = await database.query(sql`
      select r.ride_id, p.version,
             (extract(epoch from greatest(r.started_at, p.updated_at)) * 1000)::float8 as ended
        from rides_1 r join ride_progress_1 p on p.partition = r.partition and p.ride_id = r.ride_id
       where r.status in ('ACTIVE', 'PAUSED') and p.updated_at < to_timestamp(${(now() - silenceMs) / 1000})
       limit 1000`)
    for (const { ride_id: rideId, version, ended } of rows) {
      // For that version only: a ride that spoke up meanwhile goes on.
      await commands.handle({
        streamId: rideId,
        eventId: derivedId(`silent at ${version}`, rideId),
        contentHash: '',
        command: { type: 'endRide', at: Math.round(ended) },
        circumstances: { actor: 'system', now: now() },
        expectedVersion: version,
      })
    }
  }
}

/** Ends rides that have been silent for twelve hours: a device that died must not leave a ride open for ever. */
import { type ConnectionPool, sql } from '@databases/pg'
import type { Commands } from '#log/commands.ts'
import { pause } from '#log/hint.ts'
import type { Circumstances, RideCommand, RideRefusal } from '#ride/ride.ts'
import { derivedId } from './derived-id.ts'

export interface SilentRidesOptions {
  readonly database: ConnectionPool
  readonly commands: Commands<RideCommand, Circumstances, RideRefusal>
  readonly now: () => number
  readonly onFault: (error: unknown) => void
  readonly signal: AbortSignal
}

const lookEveryMs = 300_000
export const silenceMs = 12 * 3_600_000

/** Looks now and then, until `signal` aborts. */
export async function endSilentRides(options: SilentRidesOptions): Promise<void> {
  const { database, commands, now, onFault, signal } = options
  while (!signal.aborted) {
    try {
      await endThose()
    } catch (error) {
      onFault(error)
    }
    await pause(lookEveryMs, signal)
  }

  async function endThose(): Promise<void> {
    const rows: { ride_id: string; version: number }[] = await database.query(sql`
      select r.ride_id, p.version
        from rides_1 r join ride_progress_1 p on p.partition = r.partition and p.ride_id = r.ride_id
       where r.status in ('ACTIVE', 'PAUSED') and p.updated_at < to_timestamp(${(now() - silenceMs) / 1000})
       limit 1000`)
    for (const { ride_id: rideId, version } of rows) {
      // For that version only: a ride that spoke up meanwhile goes on.
      const outcome = await commands.handle({
        streamId: rideId,
        eventId: derivedId(`silent at ${version}`, rideId),
        contentHash: '',
        command: { type: 'endRide', at: null },
        circumstances: { actor: 'system', now: now() },
        expectedVersion: version,
      })
      if (outcome.outcome === 'refused')
        onFault(new Error(`The ride is silent but cannot be ended: ${outcome.refusal.code}`))
    }
  }
}

/** Ends rides that have been silent for twelve hours: a device that died must not leave a ride open for ever. */
import { sql } from 'kysely'
import type { Commands } from '#log/commands.ts'
import { pause } from '#log/hint.ts'
import type { Circumstances, RideCommand, RideRefusal } from '#ride/ride.ts'
import { derivedId } from './derived-id.ts'
import type { Serving } from './serving.ts'

export interface SilentRidesOptions {
  readonly serving: Serving
  readonly commands: Commands<RideCommand, Circumstances, RideRefusal>
  readonly now: () => number
  readonly onFault: (error: unknown) => void
  readonly signal: AbortSignal
}

const lookEveryMs = 300_000
export const silenceMs = 12 * 3_600_000

/** Looks now and then, until `signal` aborts. */
export async function endSilentRides(options: SilentRidesOptions): Promise<void> {
  const { serving, commands, now, onFault, signal } = options
  while (!signal.aborted) {
    try {
      await endThose()
    } catch (error) {
      onFault(error)
    }
    await pause(lookEveryMs, signal)
  }

  async function endThose(): Promise<void> {
    const rows = await serving
      .read()
      .selectFrom('rides as r')
      .innerJoin('ride_progress as p', (join) =>
        join.onRef('p.partition', '=', 'r.partition').onRef('p.ride_id', '=', 'r.ride_id'),
      )
      .select(['r.ride_id', 'p.version'])
      .where('r.status', 'in', ['ACTIVE', 'PAUSED'])
      .where('p.updated_at', '<', sql<Date>`to_timestamp(${(now() - silenceMs) / 1000})`)
      .limit(1000)
      .execute()
    for (const { ride_id: rideId, version } of rows) {
      // For that version only: a ride that spoke up meanwhile goes on.
      const outcome = await commands.handle({
        streamId: rideId,
        eventId: derivedId(`silent at ${version}`, rideId),
        contentHash: '',
        command: { type: 'endRide', at: null },
        circumstances: { actor: 'system', now: now() },
        metadata: { actor: 'system' },
        expectedVersion: version,
      })
      if (outcome.outcome === 'refused')
        onFault(new Error(`The ride is silent but cannot be ended: ${outcome.refusal.code}`))
    }
  }
}

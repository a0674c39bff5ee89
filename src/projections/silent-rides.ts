/**
 * Ends rides that have been silent for twelve hours: a device that died must not leave a ride open for ever.
 */
import { sql } from 'kysely'
import type { Commands } from '#log/commands.ts'
import { pause } from '#log/hint.ts'
import type { Log } from '#log/log.ts'
import type { Circumstances, RideCommand, RideRefusal } from '#ride/ride.ts'
import { derivedId } from './derived-id.ts'
import type { Serving } from './serving.ts'

export interface SilentRidesOptions {
  readonly serving: Serving
  readonly log: Pick<Log, 'hash'>
  readonly commands: Commands<RideCommand, Circumstances, RideRefusal>
  /** Of several clocks the earliest: a ride that was ended too early cannot go on. */
  readonly now: () => number
  readonly onFault: (error: unknown) => void
  readonly signal: AbortSignal
}

const lookEveryMs = 300_000
const pageSize = 1000
/** Before every ride. */
const beginning = { partition: -1, ride_id: '00000000-0000-0000-0000-000000000000' }
export const silenceMs = 12 * 3_600_000

/** Looks now and then, until `signal` aborts. */
export async function endSilentRides(options: SilentRidesOptions): Promise<void> {
  const { serving, log, commands, now, onFault, signal } = options
  while (!signal.aborted) {
    try {
      await endThose()
    } catch (error) {
      onFault(error)
    }
    await pause(lookEveryMs, signal)
  }

  /**
   * Goes through them by their key, so that rides that cannot be ended, however many, keep no other waiting.
   */
  async function endThose(): Promise<void> {
    let after: Ride | undefined = beginning
    do {
      const rows: SilentRide[] = await silentAfter(after)
      for (const row of rows) await end(row).catch(onFault)
      after = rows[pageSize - 1]
    } while (after !== undefined && !signal.aborted)
  }

  function silentAfter({ partition, ride_id }: Ride): Promise<SilentRide[]> {
    return serving
      .read()
      .selectFrom('rides as r')
      .innerJoin('ride_progress as p', (join) =>
        join
          .onRef('p.partition', '=', 'r.partition')
          .onRef('p.ride_id', '=', 'r.ride_id')
          .onRef('p.audience', '=', 'r.audience'),
      )
      .select(['r.partition', 'r.ride_id', 'p.version'])
      .where('r.status', 'in', ['ACTIVE', 'PAUSED'])
      .where('r.audience', '<>', 'others')
      .where('p.updated_at', '<', sql<Date>`to_timestamp(${(now() - silenceMs) / 1000})`)
      .where(sql<boolean>`(r.partition, r.ride_id) > (${partition}::smallint, ${ride_id}::uuid)`)
      .orderBy('r.partition')
      .orderBy('r.ride_id')
      .limit(pageSize)
      .execute()
  }

  /** For that version only: a ride that spoke up meanwhile goes on. */
  async function end({ ride_id: rideId, version }: SilentRide): Promise<void> {
    const outcome = await commands.handle({
      streamId: rideId,
      eventId: derivedId(log, `silent at ${version}`, rideId),
      contentHash: '',
      command: { type: 'endRide', at: null },
      circumstances: { actor: 'system', now: now() },
      metadata: { actor: 'system' },
      expectedVersion: version,
    })
    if (outcome.outcome === 'refused')
      onFault(new Error(`The ride is silent but cannot be ended: ${outcome.refusal.code}`))
    if (outcome.outcome === 'id taken')
      onFault(new Error('The ride is silent but cannot be ended: another event has the id that is its own'))
  }
}

interface Ride {
  readonly partition: number
  readonly ride_id: string
}

interface SilentRide extends Ride {
  readonly version: number
}

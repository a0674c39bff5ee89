/**
 * Which rides are to be called finished, and which are to be shown to others as ended, and when: kept with the routes they wait for,
 * in the same transaction. `finisher.ts` takes them from there.
 */
import { sql, type Transaction } from '@databases/pg'
import type { RecordedEvent } from '#log/read.ts'
import type { RideEventType } from '#ride/events.ts'
import { tableOf } from './projection.ts'
import { readable } from './ride-changes.ts'

/**
 * Seconds, and up to half as many again, behind the last moment that others saw of a ride that ended in a zone: then do they learn
 * that it has ended. Counted from the end, the least of many delays would tell how long the way to it was.
 */
const revealAfterSeconds = 1_200

/**
 * A ride that has ended is to be called finished, unless it is deleted first; with the numbers that its route has.
 */
export async function keepOutbox(
  transaction: Transaction,
  version: number,
  events: readonly RecordedEvent[],
): Promise<void> {
  const { partition } = events[0]!
  const ofType = (type: RideEventType) =>
    events.filter((event) => event.type === type).map((event) => event.streamId)
  const ended = ofType('RideEnded')
  const deleted = ofType('RideDeleted')
  if (ended.length > 0) {
    await transaction.query(sql`
      insert into finish_outbox (partition, ride_id, progress)
      select ${partition}, ended.ride_id, (
               select json_build_object('distance', round(distance::numeric, 2),
                                        'movingTime', round(moving_time::numeric, 3),
                                        'timerTime', round(timer_time::numeric, 3), 'speed', null)
                 from ${tableOf('routes', version)} r
                where r.partition = ${partition} and r.ride_id = ended.ride_id and r.audience <> 'others')
        from unnest(${ended}::uuid[]) as ended (ride_id)
      on conflict do nothing`)
  }
  const maybeHidden = [...ended, ...events.filter(isMaskOnly).map(({ streamId }) => streamId)]
  if (maybeHidden.length > 0) {
    await transaction.query(sql`
      insert into reveal_outbox (partition, ride_id, due_at)
      select partition, ride_id,
             greatest(now(), to_timestamp((t.track->>'endedAt')::float8 / 1000)
                             + make_interval(secs => ${revealAfterSeconds} * (1 + random() / 2)))
        from ${tableOf('routes', version)} f join ${tableOf('tracks', version)} t using (partition, ride_id, audience)
       where partition = ${partition} and ride_id = any(${maybeHidden}::uuid[]) and ends_hidden
      on conflict do nothing`)
  }
  if (deleted.length > 0) {
    for (const outbox of ['finish_outbox', 'reveal_outbox']) {
      await transaction.query(
        sql`delete from ${sql.ident(outbox)} where partition = ${partition} and ride_id = any(${deleted}::uuid[])`,
      )
    }
  }
}

/** Masked without a word on its end. */
function isMaskOnly(recorded: RecordedEvent): boolean {
  if (recorded.type !== ('RideMasked' satisfies RideEventType) || recorded.data === null) return false
  const event = readable(recorded)
  return event?.type === 'RideMasked' && !event.isEndKnown
}

/**
 * What changed, for whoever keeps a copy of rides (0015_history.sql says what is told to whom, and why nothing is missed). Written
 * by the transactions that change what is read, of the version that is served.
 */
import { type Queryable, sql, type Transaction } from '@databases/pg'
import type { RecordedEvent } from '#log/read.ts'
import { decodeRideEvent } from '#ride/encoding.ts'
import type { RideEvent, RideEventType } from '#ride/events.ts'
import { isOfSharesAlone } from '#ride/shares.ts'
import { removing, tableOf } from './projection.ts'

const upload: RideEventType = 'RidePositionsRecorded'
const masked: RideEventType = 'RideMasked'
const ended: RideEventType = 'RideEnded'
const edited: RideEventType = 'RideEdited'

/** Of the projection `rides`. */
export async function keepChanges(
  transaction: Transaction,
  version: number,
  events: readonly RecordedEvent[],
): Promise<void> {
  const { partition } = events[0]!
  const late = await positionBefore(transaction, version, events)
  const told = events.filter(({ type, position }) => type !== upload || position <= late)
  if (told.length === 0) return
  await tell(transaction, version, partition, told)
  await haveMasked(transaction, version, partition, told)
}

/**
 * Rides that come to be found only now, by older zones than their rider has: the masker may have looked for his before. That the
 * mark is another than when he began makes him look again; those that go on he looks for at all times.
 */
async function haveMasked(
  transaction: Transaction,
  version: number,
  partition: number,
  events: readonly RecordedEvent[],
): Promise<void> {
  const found = events.filter(({ type }) => type === ended || type === masked)
  if (found.length === 0) return
  const ids = [...new Set(found.map(({ streamId }) => streamId))]
  await transaction.query(sql`
    update riders u set masked_version = least(u.masked_version, r.mask_version) - 1
      from (select rider_id, min(mask_version) as mask_version from ${tableOf('rides', version)}
             where partition = ${partition} and ride_id = any(${ids}::uuid[]) and audience <> 'others'
             group by rider_id) r
     where u.rider_id = r.rider_id and u.mask_version > r.mask_version`)
}

/**
 * An event that the projection has already come past brings about what is seen only now: its ride was parked. Whoever looks at
 * uploads by their position would miss it.
 */
async function positionBefore(
  transaction: Transaction,
  version: number,
  events: readonly RecordedEvent[],
): Promise<number> {
  if (!events.some(({ type }) => type === upload)) return 0
  const [row] = await transaction.query(sql`
    select position from projection_position
     where projection = 'rides' and version = ${version} and partition = ${events[0]!.partition}
     order by position desc limit 1`)
  return (row as { position: number } | undefined)?.position ?? 0
}

/** Of the projection `routes`: what others see of a ride's way is built behind what they see of the ride. */
export async function keepRouteChanges(
  transaction: Transaction,
  events: readonly RecordedEvent[],
): Promise<void> {
  const { partition } = events[0]!
  const told = events.filter(({ type }) => type === masked)
  if (told.length === 0) return
  const [serving] = await transaction.query(sql`
    select version from projection_version where projection = 'rides' and state = 'serving'`)
  if (serving !== undefined) await tell(transaction, serving.version, partition, told)
}

/** `version` of the tables `rides`, as they are now. The lock is held until the transaction ends: numbers are committed in order. */
async function tell(
  transaction: Transaction,
  version: number,
  partition: number,
  events: readonly RecordedEvent[],
): Promise<void> {
  await transaction.query(sql`
    insert into ride_changes_partition (partition) values (${partition}) on conflict do nothing`)
  await transaction.query(sql`
    select from ride_changes_partition where partition = ${partition} for no key update`)
  const last = new Map<string, RecordedEvent>()
  for (const event of events) {
    last.delete(event.streamId)
    last.set(event.streamId, event)
  }
  const ids = [...last.keys()]
  const deletedAt = [...last.values()].map((event) => (event.type === removing ? event.version : null))
  const first = firstForOthers(events)
  const shownFrom = ids.map((id) => first.get(id) ?? null)
  await transaction.query(sql`
    with touched as (
      select * from unnest(${ids}::uuid[], ${deletedAt}::integer[], ${shownFrom}::bigint[])
        with ordinality as t (ride_id, deleted_at, shown_from, ordinal)
    ), head as (
      select coalesce(max(number), 0) as number from ride_changes where partition = ${partition}
    ), seen as (
      select r.ride_id, r.rider_id, r.audience, r.visibility, p.version, p.position
        from ${tableOf('rides', version)} r
        join ${tableOf('ride_progress', version)} p using (partition, ride_id, audience)
       where partition = ${partition} and ride_id = any(${ids}::uuid[])
    ), told as (
      select ride_id, 'rider' as audience, head.number + 2 * ordinal - 1 as number,
             coalesce(own.rider_id, before.rider_id) as rider_id, coalesce(own.version, deleted_at, before.version) as version,
             coalesce(own.version, 0) as row_version, own.ride_id is null as is_gone
        from touched cross join head
        left join (select * from seen where audience <> 'others') own using (ride_id)
        left join (select * from ride_changes where partition = ${partition} and audience = 'rider') before using (ride_id)
       where own.ride_id is not null or before.ride_id is not null
      union all
      -- Of what others do not see any more they are told once, and not how it went on; of what they see only where that is
      -- another than before: that something came in a zone would be news, and when.
      select ride_id, 'others', head.number + 2 * ordinal,
             coalesce(shown.rider_id, before.rider_id), coalesce(shown.version, before.version + 1),
             coalesce(own.version, 0), shown.ride_id is null
        from touched cross join head
        left join (select * from seen where audience <> 'others') own using (ride_id)
        left join (select * from seen where audience <> 'rider' and visibility = 'PUBLIC') shown using (ride_id)
        left join (select * from ride_changes where partition = ${partition} and audience = 'others') before using (ride_id)
       where case when shown.ride_id is not null and not coalesce(before.is_gone, false)
                  then shown.position >= shown_from else coalesce(before.is_gone, true) = (shown.ride_id is not null) end
    )
    insert into ride_changes (partition, ride_id, audience, number, rider_id, version, row_version, is_gone)
    select ${partition}, ride_id, audience, number, rider_id, version, row_version, is_gone from told
    on conflict (partition, ride_id, audience) do update set
      number = excluded.number, rider_id = excluded.rider_id, version = excluded.version,
      row_version = excluded.row_version, is_gone = excluded.is_gone`)
}

/**
 * By ride the position from which on others' row, which moves with what they are shown, has come to be another than before; 0
 * where it has in any case. Rides of which they are shown nothing new are not in it.
 */
function firstForOthers(events: readonly RecordedEvent[]): Map<string, number> {
  const first = new Map<string, number>()
  for (const recorded of events) {
    const from = shownFrom(recorded)
    if (from === undefined) continue
    first.set(recorded.streamId, Math.min(from, first.get(recorded.streamId) ?? from))
  }
  return first
}

function shownFrom(recorded: RecordedEvent): number | undefined {
  if (recorded.type === masked) return 0
  if (recorded.type !== edited) return recorded.position
  const event = readable(recorded)
  // What cannot be read is passed over, perhaps: that it may have said something is told all the same.
  if (event?.type !== 'RideEdited') return 0
  // What is said of the ride is shown at once.
  return isOfSharesAlone(event.changes) ? undefined : 0
}

/** Effects come about of every event, also of one that no version of the tables can take. */
export function readable(recorded: RecordedEvent): RideEvent | undefined {
  try {
    return decodeRideEvent(recorded)
  } catch {
    return undefined
  }
}

/** Of a rider who is forgotten: others are told still that what they may have kept is gone, but not whose it was. */
export async function forgetChangesOf(database: Queryable, riderId: string): Promise<void> {
  await database.query(sql`delete from ride_changes where rider_id = ${riderId} and audience = 'rider'`)
  await database.query(sql`update ride_changes set rider_id = null where rider_id = ${riderId}`)
}

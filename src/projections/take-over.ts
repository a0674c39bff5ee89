/**
 * Effects at the moment when a new version takes over. What the old one had not come
 * to, or had parked, had none; from now on it brings about none; and what the new one
 * has applied while it was built had none either. So they are made up for here, each
 * once: but not those of what is parked in the new version, which come with its retry.
 */
import { sql, type Transaction } from '@databases/pg'
import { eventColumns, eventsOf, type RecordedEvent } from '#log/read.ts'
import { readAll } from '#log/read-all.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Projection } from './projection.ts'

/** By the transaction that has taken both checkpoints. */
export async function takeOverEffects(
  transaction: Transaction,
  projection: Projection,
  served: Checkpoint,
  built: Checkpoint,
): Promise<void> {
  if (projection.effects !== undefined) {
    const bringAbout = async (events: readonly RecordedEvent[]): Promise<void> => {
      const due = events.filter(({ data }) => data !== null)
      if (due.length > 0) await projection.effects?.(transaction, built.version, due)
    }
    await bringAbout(await parkedInServed(transaction, projection, served, built))
    await passedByBuilt(transaction, projection, served, built, bringAbout)
  }
  // Whoever is parked in the new version is parked there; the old one is of no more concern.
  await transaction.query(sql`delete from parked_rides where ${isOf(served)}`)
}

/** What waits in the served version and was applied in the new one. */
async function parkedInServed(
  transaction: Transaction,
  { eventTypes }: Projection,
  served: Checkpoint,
  built: Checkpoint,
): Promise<RecordedEvent[]> {
  if (!served.hasParked) return []
  const { partition } = served
  const ofType = eventTypes === undefined ? sql`` : sql`and e.type = any(${eventTypes}::text[])`
  return eventsOf(
    await transaction.query(sql`
      select ${eventColumns}, data from events
       where partition = ${partition} and position in (
         select e.position
           from (select ride_id, ride_version from parked_rides where ${isOf(served)}) s
           left join (select ride_id, ride_version from parked_rides where ${isOf(built)}) b
                  on b.ride_id = s.ride_id
           join events e on e.partition = ${partition} and e.stream_id = s.ride_id
                        and e.version >= s.ride_version
                        and e.version < coalesce(b.ride_version, e.version + 1)
          where e.position <= ${served.position} ${ofType})
       order by position`),
  )
}

/** What the new version has come past and the served one has not. */
async function passedByBuilt(
  transaction: Transaction,
  { eventTypes: types }: Projection,
  served: Checkpoint,
  built: Checkpoint,
  each: (events: readonly RecordedEvent[]) => Promise<void>,
): Promise<void> {
  const { partition } = served
  const rows: { ride_id: string; ride_version: number }[] = built.hasParked
    ? await transaction.query(sql`select ride_id, ride_version from parked_rides where ${isOf(built)}`)
    : []
  const parkedFrom = new Map(rows.map((row) => [row.ride_id, row.ride_version]))
  let after = served.position
  while (after < built.position) {
    const limit = Math.min(500, built.position - after)
    const page = await readAll(transaction, { partition, after, limit, types })
    await each(
      page.events.filter(
        ({ position, streamId, version }) =>
          position <= built.position && version < (parkedFrom.get(streamId) ?? Number.POSITIVE_INFINITY),
      ),
    )
    if (page.upTo === after) return
    after = page.upTo
  }
}

function isOf({ projection, version, partition }: Checkpoint) {
  return sql`projection = ${projection} and version = ${version} and partition = ${partition}`
}

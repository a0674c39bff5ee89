/** The queries behind the type Ride. */
import type { ExpressionBuilder, Kysely } from 'kysely'
import { sql } from 'kysely'
import type { ReadTables } from '#projections/tables.ts'
import { type BlankFor, composed } from './composed.ts'
import { type Gone, withoutGone } from './gone.ts'
import { type RideRow, rideRowOf, withAllOf } from './ride-row.ts'

/**
 * Not one of those that are deleted and that the read tables, which follow the log, have not let go of yet.
 * The offset keeps it a look-up a ride: as a join the planner may make a hash of all that were ever deleted.
 */
export function isKept({
  exists,
  not,
  selectFrom,
}: ExpressionBuilder<{ r: ReadTables['rides'] } & ReadTables, 'r'>) {
  return not(
    exists(
      selectFrom('streams as s')
        .select('s.stream_id')
        .whereRef('s.partition', '=', 'r.partition')
        .whereRef('s.stream_id', '=', 'r.ride_id')
        .where('s.deleted', '=', sql.lit(true))
        .offset(sql.lit(0)),
    ),
  )
}

/** Those of the given rides that the read side knows. */
export async function ridesById(
  read: Kysely<ReadTables>,
  partitionOf: (rideId: string) => number,
  rideIds: readonly string[],
  gone?: Gone,
): Promise<RideRow[]> {
  if (rideIds.length === 0) return []
  const partitions = [...new Set(rideIds.map(partitionOf))]
  const rows = await byId(read, {}, { partitions, rideIds })
  return withoutGone(
    rows.map((row) => rideRowOf(row)),
    gone,
  )
}

const byId = composed(
  (read, _: object, blank: BlankFor<{ partitions: readonly number[]; rideIds: readonly string[] }>) =>
    withAllOf(
      read
        .selectFrom('rides as r')
        // A parameter each, however many there are.
        .where('r.partition', '=', sql<number>`any(${blank(({ partitions }) => partitions)}::smallint[])`)
        .where('r.ride_id', '=', sql<string>`any(${blank(({ rideIds }) => rideIds)}::uuid[])`)
        .where(isKept),
    ),
)

export async function ridesInProgress(read: Kysely<ReadTables>): Promise<RideRow[]> {
  const inProgress = read
    .selectFrom('rides as r')
    // In the words of the index: of parameters the planner cannot tell that it holds them.
    .where(sql<boolean>`r.status in ('ACTIVE', 'PAUSED')`)
    .where(isKept)
  return (await withAllOf(inProgress).execute()).map((row) => rideRowOf(row))
}

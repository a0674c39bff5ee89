/**
 * What is deleted and a replica does not know yet. A query leaves out by itself
 * what the tables it reads know to be deleted; those of a replica may lag behind
 * a deletion that was answered, so what they gave is asked for where commands go.
 */

/** Those of the given rides that are deleted, as the log knows at once. */
export type Gone = (rideIds: readonly string[]) => Promise<ReadonlySet<string>>

/** Asks nobody where there is no replica. */
export async function withoutGone<Row extends { readonly rideId: string }>(
  rows: Row[],
  gone: Gone | undefined,
): Promise<Row[]> {
  if (gone === undefined || rows.length === 0) return rows
  const deleted = await gone(rows.map(({ rideId }) => rideId))
  return deleted.size === 0 ? rows : rows.filter(({ rideId }) => !deleted.has(rideId))
}

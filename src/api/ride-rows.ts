/** The queries behind the type Ride. */
import type { Kysely, RawBuilder } from 'kysely'
import { sql } from 'kysely'
import type { Audience } from '#projections/ride-rows.ts'
import type { ReadTables } from '#projections/tables.ts'
import { readerOf, type Viewer } from '#rights/viewer.ts'
import type { Afresh } from './afresh.ts'
import { type BlankFor, composed } from './composed.ts'
import { wholeRide } from './ride-parts.ts'
import { type RideRow, rideRowOf, withAllOf } from './ride-row.ts'

/**
 * Not one of those that are deleted and that the read tables, which follow the log, have not let go of yet.
 * The offset keeps it a look-up a ride: as a join the planner may make a hash of all that were ever deleted.
 */
export const isKeptRide = sql<boolean>`not exists (
  select from streams s where s.partition = r.partition and s.stream_id = r.ride_id and s.deleted offset 0)`

/** Of rides `r` that are not among the given ones, which mostly are none. */
export function isNotOneOf(rideIds: readonly string[]): RawBuilder<boolean> {
  return rideIds.length === 0 ? sql<boolean>`true` : sql<boolean>`r.ride_id <> all(${rideIds}::uuid[])`
}

/** The row was masked by the newest of its rider's zones: until then it is shown to nobody else. */
const isMaskedAnew = sql<boolean>`r.mask_version = coalesce((
  select u.mask_version from riders u where u.rider_id = r.rider_id), 0)`

/** Of a ride's rows the one that a viewer is shown, where he may see the ride at all: its rider his own, all others theirs. */
export function isShownTo(readerId: RawBuilder<string | null>): RawBuilder<boolean> {
  return sql<boolean>`case when r.rider_id = ${readerId}::uuid then r.audience <> 'others'
    else r.audience <> 'rider' and ${isMaskedAnew} end`
}

/** For whom, and how that is judged afresh. */
export interface ReadingFor {
  readonly viewer: Viewer
  readonly afresh?: Afresh | undefined
}

/**
 * Those of the given rides that the read side knows, as the viewer is
 * shown them if he may see them, which their visibility and shares say.
 */
export async function ridesSeenBy(
  read: Kysely<ReadTables>,
  partitionOf: (rideId: string) => number,
  rideIds: readonly string[],
  { viewer, afresh }: ReadingFor,
): Promise<readonly RideRow[]> {
  if (rideIds.length === 0) return []
  const partitions = [...new Set(rideIds.map(partitionOf))]
  const rows = await byId(read, {}, { partitions, rideIds, viewer })
  const rides = rows.map((row) => rideRowOf(row))
  return afresh === undefined ? rides : afresh.rides(rides, viewer)
}

interface Ids {
  readonly partitions: readonly number[]
  readonly rideIds: readonly string[]
}

const byId = composed((read, _: object, blank: BlankFor<Ids & { readonly viewer: Viewer }>) => {
  const reader = blank(({ viewer }) => readerOf(viewer))
  const shared = blank(({ viewer }) => viewer.share?.rideId ?? null)
  // `maySee` judges all of them again. Left out here, a private ride takes no longer than one that is not there.
  const mayBeSeen = sql<boolean>`(r.visibility <> 'PRIVATE' or r.rider_id = ${reader}::uuid or r.ride_id = ${shared}::uuid)`
  const rides = withIds(read, blank).where(mayBeSeen).where(isShownTo(reader))
  return withAllOf(rides, { ...wholeRide, shares: true })
})

function withIds(read: Kysely<ReadTables>, blank: BlankFor<Ids>) {
  return (
    read
      .selectFrom('rides as r')
      // A parameter each, however many there are.
      .where('r.partition', '=', sql<number>`any(${blank(({ partitions }) => partitions)}::smallint[])`)
      .where('r.ride_id', '=', sql<string>`any(${blank(({ rideIds }) => rideIds)}::uuid[])`)
      .where(isKeptRide)
  )
}

/** A ride as its rider sees it, and as all others do: for whoever keeps one copy for many viewers. */
export interface RideForAll extends RideRow {
  /** Null where they see nothing of it, nothing yet, or not where the rider is now. */
  readonly others: RideRow | null
}

/** What a viewer is shown of it, if he may see the ride at all. */
export function shownTo(viewer: Viewer, ride: RideForAll): RideRow | null {
  return ride.riderId === readerOf(viewer) ? ride : ride.others
}

/** Those of the given rides that the read side knows. */
export async function ridesById(
  read: Kysely<ReadTables>,
  partitionOf: (rideId: string) => number,
  rideIds: readonly string[],
): Promise<RideForAll[]> {
  if (rideIds.length === 0) return []
  const partitions = [...new Set(rideIds.map(partitionOf))]
  return merged(await byIdForAll(read, {}, { partitions, rideIds }))
}

const byIdForAll = composed((read, _: object, blank: BlankFor<Ids>) => forAll(withIds(read, blank)))

export async function ridesInProgress(read: Kysely<ReadTables>): Promise<RideForAll[]> {
  const inProgress = read
    .selectFrom('rides as r')
    // In the words of the index: of parameters the planner cannot tell that it holds them.
    .where(sql<boolean>`r.status in ('ACTIVE', 'PAUSED')`)
    .where(isKeptRide)
  return merged(await forAll(inProgress).execute())
}

function forAll(rides: ReturnType<typeof withIds>) {
  return withAllOf(rides).select(['r.audience', isMaskedAnew.as('isMaskedAnew'), 'p.is_hidden as isHidden'])
}

type ReadForAll = Parameters<typeof rideRowOf>[0] & {
  readonly audience: Audience
  readonly isMaskedAnew: boolean
  readonly isHidden: boolean
}

/** Where only one of a ride's two rows is in progress, the rider's own says whether the ride is. */
function merged(rows: readonly ReadForAll[]): RideForAll[] {
  const others = new Map(
    rows
      .filter(({ audience, isMaskedAnew, isHidden }) => audience !== 'rider' && isMaskedAnew && !isHidden)
      .map((row) => [row.rideId, rideRowOf(row)]),
  )
  return rows
    .filter(({ audience }) => audience !== 'others')
    .map((row) => ({ ...rideRowOf(row), others: others.get(row.rideId) ?? null }))
}

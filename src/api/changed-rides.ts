/**
 * What changed of the rides that a viewer comes upon by himself, his own and the public ones, behind a place: first what
 * `ride_changes` has (see 0015_history.sql), then the rides in progress that have moved, which are few and move with every upload.
 *
 * All of it is read of one moment. What a page says is at least as new as where its cursor stands, in each partition: so behind
 * the cursor is all that came later.
 */
import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely'
import type { ReadTables } from '#projections/tables.ts'
import { mayList } from '#rights/may-see.ts'
import { readerOf, type Viewer } from '#rights/viewer.ts'
import type { Afresh } from './afresh.ts'
import type { ReadUpTo } from './changes-cursor.ts'
import type { RideRow } from './ride-row.ts'
import { isKeptRide, isShownTo, ridesSeenBy } from './ride-rows.ts'

export interface ChangedRide {
  readonly rideId: string
  readonly version: number
  /** Null where there is nothing to be seen of it any more. */
  readonly ride: RideRow | null
}

export interface ChangesPage {
  readonly changes: readonly ChangedRide[]
  readonly partitions: readonly ReadUpTo[]
  readonly hasMore: boolean
}

export interface ChangesMeans {
  readonly read: Kysely<ReadTables>
  readonly partitionOf: (rideId: string) => number
  readonly viewer: Viewer
  readonly afresh?: Afresh | undefined
}

/** `after`: of each partition; undefined from the beginning. */
export async function changedRides(means: ChangesMeans, asked: AskedChanges): Promise<ChangesPage> {
  const { viewer, afresh } = means
  const { told, moved, rows, ...page } = await readPage(means, asked)
  // Not by the transaction that has read them: the log is asked by another connection, and it would wait for that.
  const seen = afresh === undefined ? rows : await afresh.rides(rows, viewer)
  return { ...page, changes: changesOf(told, moved, seen, viewer) }
}

interface AskedChanges {
  readonly after: readonly ReadUpTo[] | undefined
  readonly partitions: number
  readonly first: number
}

interface ReadPage extends Omit<ChangesPage, 'changes'> {
  readonly told: TakenTold['taken']
  readonly moved: readonly Moved[]
  /** Of both. */
  readonly rows: readonly RideRow[]
}

function readPage(
  { read: database, partitionOf, viewer }: ChangesMeans,
  { after, partitions, first }: AskedChanges,
): Promise<ReadPage> {
  return database
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (read) => {
      const heads = await headsOf(read, partitions)
      const places = after ?? heads.map(({ number }) => ({ number: 0, since: number, position: 0 }))
      const told = await readTold({ read, viewer, places, limit: first + 1 })
      const upToNumber = takeTold(told, places, heads, first)
      const left = first - upToNumber.taken.length
      const upToPosition = upToNumber.hasMore
        ? undefined
        : takeMoved(await readMoved({ read, viewer, places, limit: left + 1 }), places, heads, left)
      const moved = upToPosition?.taken ?? []
      const ids = [...new Set([...upToNumber.taken, ...moved].map((each) => each.ride_id))]
      return {
        told: upToNumber.taken,
        moved,
        rows: await ridesSeenBy(read, partitionOf, ids, { viewer }),
        partitions: places.map((place, partition) => ({
          ...place,
          number: upToNumber.numbers[partition] ?? place.number,
          position: upToPosition?.positions[partition] ?? place.position,
        })),
        hasMore: upToNumber.hasMore || (upToPosition?.hasMore ?? false),
      }
    })
}

interface Head {
  readonly number: number
  readonly position: number
}

/** How far a partition can be read at this moment. Of several versions of tables that are read nobody knows by whom: the one behind. */
async function headsOf(read: Transaction<ReadTables>, partitions: number): Promise<Head[]> {
  const { rows } = await sql<Head>`
    select coalesce((select c.number from ride_changes c where c.partition = n order by c.number desc limit 1), 0) as number,
           coalesce((select min(coalesce(p.position, 0)) from projection_version v left join lateral (
                       select position from projection_position p
                        where p.projection = v.projection and p.version = v.version and p.partition = n
                        order by position desc limit 1) p on true
                      where v.projection = 'rides' and v.state <> 'building'), 0) as position
      from generate_series(0, ${partitions - 1}::integer) as n order by n`.execute(read)
  return rows
}

interface Reading {
  readonly read: Transaction<ReadTables>
  readonly viewer: Viewer
  readonly places: readonly ReadUpTo[]
  readonly limit: number
}

function placesAsRows(places: readonly ReadUpTo[]): RawBuilder<unknown> {
  return sql`unnest(${places.map(({ number }) => number)}::bigint[], ${places.map(({ position }) => position)}::bigint[])
    with ordinality as place (number, position, ordinal)`
}

/** On its way and shown to the viewer, moved since: it comes with those, and once. */
function isMoving(readerId: string | null, position: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`r.status in ('ACTIVE', 'PAUSED') and (r.rider_id = ${readerId}::uuid or r.visibility = 'PUBLIC')
    and ${isShownTo(sql`${readerId}`)} and ${isKeptRide} and p.position > ${position}`
}

const rideWithProgress = sql`${sql.table('rides')} r join ${sql.table('ride_progress')} p
  on p.partition = r.partition and p.ride_id = r.ride_id and p.audience = r.audience`

interface Told {
  readonly partition: number
  readonly ride_id: string
  readonly number: number
  readonly version: number
  readonly is_gone: boolean
  /**
   * The tables that are read do not have it yet: they are not those that were served when it was told. Of what is gone they need
   * not have anything: a ride that others are told of no more may have been deleted since.
   */
  readonly is_ahead: boolean
}

async function readTold({ read, viewer, places, limit }: Reading): Promise<Told[]> {
  const readerId = readerOf(viewer)
  const lane = (whose: RawBuilder<boolean>) => sql`
    (select c.* from ride_changes c
      where c.partition = place.ordinal - 1 and c.number > place.number and ${whose}
        and not exists (select from ${rideWithProgress}
                         where r.partition = c.partition and r.ride_id = c.ride_id and ${isMoving(readerId, sql`place.position`)}
                        offset 0)
      order by c.number limit ${limit})`
  const { rows } = await sql<Told>`
    select c.partition, c.ride_id, c.number, c.version, c.is_gone,
           coalesce((select p.version from ${sql.table('ride_progress')} p
                      where p.partition = c.partition and p.ride_id = c.ride_id and p.audience <> 'others'), 0)
             < c.row_version
             and not (c.is_gone and not exists (select from ${sql.table('ride_progress')} p
                                                 where p.partition = c.partition and p.ride_id = c.ride_id)) as is_ahead
      from ${placesAsRows(places)} cross join lateral (
        select * from (${lane(sql`c.audience = 'rider' and c.rider_id = ${readerId}::uuid`)}
                       union all
                       ${lane(sql`c.audience = 'others' and c.rider_id is distinct from ${readerId}::uuid`)}) c
         order by c.number limit ${limit}) c
     order by c.partition, c.number limit ${limit * places.length}`.execute(read)
  return rows
}

interface TakenTold {
  readonly taken: readonly (Told & { readonly isNew: boolean })[]
  readonly numbers: readonly number[]
  readonly hasMore: boolean
}

function takeTold(
  told: readonly Told[],
  places: readonly ReadUpTo[],
  heads: readonly Head[],
  first: number,
): TakenTold {
  const taken: (Told & { isNew: boolean })[] = []
  let hasMore = false
  const numbers = places.map((place, partition) => {
    let { number } = place
    for (const each of told) {
      if (each.partition !== partition) continue
      if (each.is_ahead) return number
      if (taken.length === first) {
        hasMore = true
        return number
      }
      taken.push({ ...each, isNew: each.number > place.since })
      number = each.number
    }
    return Math.max(number, heads[partition]!.number)
  })
  return { taken, numbers, hasMore }
}

interface Moved {
  readonly partition: number
  readonly ride_id: string
  readonly position: number
}

async function readMoved({ read, viewer, places, limit }: Reading): Promise<Moved[]> {
  const { rows } = await sql<Moved>`
    select r.partition, r.ride_id, p.position
      from ${rideWithProgress} join ${placesAsRows(places)} on place.ordinal - 1 = r.partition
     where ${isMoving(readerOf(viewer), sql`place.position`)}
     order by r.partition, p.position limit ${limit}`.execute(read)
  return rows
}

function takeMoved(
  moved: readonly Moved[],
  places: readonly ReadUpTo[],
  heads: readonly Head[],
  left: number,
): { taken: readonly Moved[]; positions: readonly number[]; hasMore: boolean } {
  const hasMore = moved.length > left
  const taken = moved.slice(0, left)
  const firstLeft = moved[left]
  const positions = places.map((place, partition) => {
    const last = taken.findLast((each) => each.partition === partition)?.position ?? place.position
    const isWhole = firstLeft === undefined || partition < firstLeft.partition
    return isWhole ? Math.max(last, place.position, heads[partition]!.position) : last
  })
  return { taken, positions, hasMore }
}

function changesOf(
  told: TakenTold['taken'],
  moved: readonly Moved[],
  rows: readonly RideRow[],
  viewer: Viewer,
): ChangedRide[] {
  const rides = new Map(rows.filter((ride) => mayList(viewer, ride)).map((ride) => [ride.rideId, ride]))
  const changes = new Map<string, ChangedRide>()
  for (const { ride_id: rideId, version, isNew } of told) {
    const ride = rides.get(rideId) ?? null
    if (ride !== null || isNew) changes.set(rideId, { rideId, version: ride?.version ?? version, ride })
  }
  for (const { ride_id: rideId } of moved) {
    const ride = rides.get(rideId)
    if (ride !== undefined) changes.set(rideId, { rideId, version: ride.version, ride })
  }
  return [...changes.values()]
}

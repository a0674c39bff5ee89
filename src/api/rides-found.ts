/**
 * The rides that a viewer comes upon by himself, those of them that a filter finds, in the order that is asked for: a page of
 * them, and how many they are. The plain page, newest first, is in `rides-page.ts`.
 */
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { ReadTables } from '#projections/tables.ts'
import { readerOf, type Viewer } from '#rights/viewer.ts'
import type { Afresh } from './afresh.ts'
import { type Candidates, candidatesOf, candidatesOfCount, candidatesOfPage } from './ride-candidates.ts'
import { allOf, conditionsOf, distanceOfRide } from './ride-conditions.ts'
import type { RideFilter } from './ride-filter.ts'
import { type RideParts, wholeRide } from './ride-parts.ts'
import { isForAudience, type RideRow, rideRowOf, withAllOf } from './ride-row.ts'
import { isKeptRide, isNotOneOf, isShownTo } from './ride-rows.ts'
import { exactCountBound, withoutGaps } from './rides-page.ts'

export const rideOrders = ['STARTED_AT_DESC', 'STARTED_AT_ASC', 'DISTANCE_DESC'] as const
export type RideOrder = (typeof rideOrders)[number]

/** A place in a list, by what it is ordered by. */
export interface PlaceOfRide {
  readonly startedAt?: Date
  /** Metres. */
  readonly distance?: number
  readonly rideId: string
}

export interface FoundPage {
  readonly filter: RideFilter
  readonly order: RideOrder
  readonly after: PlaceOfRide | undefined
  readonly before: PlaceOfRide | undefined
  readonly limit: number
  /** From the end. */
  readonly inverted: boolean
  readonly parts?: RideParts
}

/** Nothing is asked for: of all that are listed. */
export const everyRide: RideFilter = {
  riderId: undefined,
  status: undefined,
  startedAfter: undefined,
  startedBefore: undefined,
  firstDay: undefined,
  lastDay: undefined,
  minDistance: undefined,
  maxDistance: undefined,
  within: undefined,
  near: undefined,
  words: undefined,
}

/** What stays the same from page to page. */
interface List {
  readonly filter: RideFilter
  readonly readerId: string | null
  readonly candidates: Candidates | undefined
}

/** By keyset: what comes in meanwhile shifts nothing. */
export async function foundRides(
  read: Kysely<ReadTables>,
  viewer: Viewer,
  page: FoundPage,
  afresh?: Afresh,
): Promise<RideRow[]> {
  const list = await listFor(read, viewer, page, candidatesOfPage)
  return withoutGaps(page, { viewer, afresh }, async (rest) => {
    const { parts = wholeRide, order } = rest
    const key = keyOf(order)
    const direction = directionOf(rest)
    const rides = list.candidates === undefined ? walked(list, rest) : among(list, list.candidates, rest)
    const rows = await withAllOf(read.selectFrom(sql<ReadTables['rides']>`(${rides})`.as('r')), parts)
      .orderBy(sql`r.${sql.ref(key)} ${direction}, r.ride_id ${direction}`)
      .execute()
    return rows.map((row) => rideRowOf(row, parts))
  })
}

/** How many there are; counting stops one behind the bound. */
export async function countFound(
  read: Kysely<ReadTables>,
  viewer: Viewer,
  filter: RideFilter,
  unlisted: readonly string[] = [],
): Promise<number> {
  const list = await listFor(read, viewer, { filter, order: 'STARTED_AT_DESC' }, candidatesOfCount)
  const { cheap, dear } = conditionsOf(filter)
  const bound = sql.lit(exactCountBound + 1)
  const parts = list.candidates === undefined ? lanesOf(list) : [isAmong(list, list.candidates)]
  const rides = parts.map(
    (lane) => sql`(select 1 from ${sql.table('rides')} r
      where ${lane} and ${isKeptRide} and ${isNotOneOf(unlisted)} and ${allOf([...cheap, ...dear])} limit ${bound})`,
  )
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from (select from (${sql.join(rides, sql` union all `)}) as parts limit ${bound}) as found`.execute(
    read,
  )
  return rows[0]?.count ?? 0
}

async function listFor(
  read: Kysely<ReadTables>,
  viewer: Viewer,
  { filter, order }: Pick<FoundPage, 'filter' | 'order'>,
  most: number,
): Promise<List> {
  const readerId = readerOf(viewer)
  const isByDistance = order === 'DISTANCE_DESC'
  return { filter, readerId, candidates: await candidatesOf(read, { readerId, filter, isByDistance, most }) }
}

function keyOf(order: RideOrder): 'started_at' | 'distance' {
  return order === 'DISTANCE_DESC' ? 'distance' : 'started_at'
}

function directionOf({ order, inverted }: Pick<FoundPage, 'order' | 'inverted'>): RawBuilder<unknown> {
  return (order === 'STARTED_AT_ASC') === inverted ? sql`desc` : sql`asc`
}

/** Behind one place and before another, of what is ordered by `value` and the ride's id. */
function between(
  value: RawBuilder<unknown>,
  rideId: RawBuilder<unknown>,
  { order, after, before }: FoundPage,
): RawBuilder<boolean> {
  const isAscending = order === 'STARTED_AT_ASC'
  const ordered = ({ startedAt, distance }: PlaceOfRide) =>
    order === 'DISTANCE_DESC' ? sql`${distance ?? 0}::float8` : sql`${startedAt ?? new Date(0)}::timestamptz`
  const beyond = (place: PlaceOfRide, isLater: boolean) =>
    sql<boolean>`(${value}, ${rideId}) ${isLater === isAscending ? sql`>` : sql`<`} (${ordered(place)}, ${place.rideId}::uuid)`
  return allOf([
    ...(after === undefined ? [] : [beyond(after, true)]),
    ...(before === undefined ? [] : [beyond(before, false)]),
  ])
}

const columns = sql.raw(
  [
    ...['partition', 'ride_id', 'rider_id', 'status', 'visibility', 'title', 'description'],
    ...['started_at', 'ended_at', 'finished_at', 'audience', 'mask_version', 'shares'],
  ]
    .map((column) => `r.${column}`)
    .join(', '),
)

function isListed(readerId: string | null): RawBuilder<boolean> {
  return sql<boolean>`(r.rider_id = ${readerId}::uuid or r.visibility = 'PUBLIC') and ${isShownTo(sql`${readerId}`)}`
}

function isAmong({ readerId }: List, { partitions, rideIds }: Candidates): RawBuilder<boolean> {
  return sql<boolean>`r.partition = any(${partitions}::smallint[]) and r.ride_id = any(${rideIds}::uuid[])
    and ${isListed(readerId)}`
}

/** Few are put in order first, so that what is dear is asked until the page is full. */
function among(list: List, candidates: Candidates, page: FoundPage): RawBuilder<unknown> {
  const { cheap, dear } = conditionsOf(list.filter)
  const direction = directionOf(page)
  const isByDistance = page.order === 'DISTANCE_DESC'
  const key = isByDistance ? sql`d.distance` : sql`r.started_at`
  return sql`
    select * from (
      select ${columns} ${isByDistance ? sql`, d.distance` : sql``} from ${sql.table('rides')} r
             ${isByDistance ? sql`cross join lateral (select ${distanceOfRide} as distance offset 0) d` : sql``}
       where ${isAmong(list, candidates)} and ${isKeptRide} and ${allOf(cheap)}
         and ${between(key, sql`r.ride_id`, page)}
       order by ${key} ${direction}, r.ride_id ${direction} offset 0) r
     where ${allOf(dear)}
     limit ${page.limit}`
}

/** Each ride that is listed is in one of them, in an index in the order of the starts (see `rides-page.ts`). */
function lanesOf({ readerId, filter: { riderId } }: List): RawBuilder<boolean>[] {
  const isOpen = sql<boolean>`r.visibility = 'PUBLIC' and ${isShownTo(sql`${readerId}`)}`
  if (riderId === undefined) {
    const isHis = sql<boolean>`r.rider_id = ${readerId}::uuid and r.visibility <> 'PUBLIC' and r.audience <> 'others'`
    return [isHis, isOpen]
  }
  if (riderId === readerId) return [sql<boolean>`r.rider_id = ${riderId}::uuid and r.audience <> 'others'`]
  return [sql<boolean>`r.rider_id = ${riderId}::uuid and ${isOpen} and r.audience <> 'rider'`]
}

function walked(list: List, page: FoundPage): RawBuilder<unknown> {
  const parts = page.order === 'DISTANCE_DESC' ? byDistance(list, page) : byStart(list, page)
  const key = sql.ref(keyOf(page.order))
  const direction = directionOf(page)
  return sql`select * from (${sql.join(
    parts.map((part) => sql`(${part})`),
    sql` union all `,
  )}) r order by ${key} ${direction}, ride_id ${direction} limit ${page.limit}`
}

function byStart(list: List, page: FoundPage): RawBuilder<unknown>[] {
  const { cheap, dear } = conditionsOf(list.filter)
  const direction = directionOf(page)
  return lanesOf(list).map(
    (lane) => sql`select ${columns} from ${sql.table('rides')} r
      where ${lane} and ${isKeptRide} and ${between(sql`r.started_at`, sql`r.ride_id`, page)}
        and ${allOf([...cheap, ...dear])}
      order by r.started_at ${direction}, r.ride_id ${direction} limit ${page.limit}`,
  )
}

/** The finished ones by their routes, and those that have none yet, which are few. */
function byDistance(list: List, page: FoundPage): RawBuilder<unknown>[] {
  const { readerId, filter } = list
  const { riderId, minDistance, maxDistance } = filter
  const { cheap, dear } = conditionsOf(filter)
  const direction = directionOf(page)
  const least = minDistance === undefined ? sql`` : sql`and f.distance >= ${minDistance}::float8`
  const most = maxDistance === undefined ? sql`` : sql`and f.distance <= ${maxDistance}::float8`
  const isOwnAlone = riderId !== undefined && riderId === readerId
  const finished = (lane: RawBuilder<unknown>) => sql`
    select ${columns}, f.distance from ${sql.table('routes')} f cross join lateral (
      select * from ${sql.table('rides')} r
       where r.partition = f.partition and r.ride_id = f.ride_id and r.status = 'FINISHED' and ${isForAudience}
         and ${isListed(readerId)} offset 0) r
     where ${lane} ${least} ${most} and ${between(sql`f.distance`, sql`f.ride_id`, page)}
       and ${isKeptRide} and ${allOf([...cheap, ...dear])}
     order by f.distance ${direction}, f.ride_id ${direction} limit ${page.limit}`
  const unfinished = (lane: RawBuilder<unknown>) => sql`
    select ${columns}, d.distance from ${sql.table('rides')} r
           cross join lateral (select ${distanceOfRide} as distance offset 0) d
     where ${lane} and r.status <> 'FINISHED' and ${isListed(readerId)}
       and ${between(sql`d.distance`, sql`r.ride_id`, page)} and ${isKeptRide} and ${allOf([...cheap, ...dear])}
     order by d.distance ${direction}, r.ride_id ${direction} limit ${page.limit}`
  const isHis = sql`rider_id = ${readerId}::uuid`
  if (isOwnAlone)
    return [
      finished(sql`f.${isHis} and f.audience <> 'others'`),
      unfinished(sql`r.${isHis} and r.audience <> 'others'`),
    ]
  const own = [
    finished(sql`f.${isHis} and f.audience <> 'others' and f.visibility <> 'PUBLIC'`),
    unfinished(sql`r.${isHis} and r.audience <> 'others' and r.visibility <> 'PUBLIC'`),
  ]
  const open = [finished(sql`f.visibility = 'PUBLIC'`), unfinished(sql`r.visibility = 'PUBLIC'`)]
  return riderId === undefined && readerId !== null ? [...own, ...open] : open
}

/**
 * Rides among which all are that a filter finds, where they are few: by the index that says so. Where each index has many, a
 * list is walked along in its order instead, and soon full. Which of the two it is, is found out by looking, not guessed from
 * statistics, which know nothing of whose rides lie where.
 *
 * Looked at are the viewer's own rides and the public ones as others see them, each in indexes of their own: how long it takes
 * says nothing of what is beside them.
 */
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { ReadTables } from '#projections/tables.ts'
import { boxesOf, envelope } from './areas.ts'
import type { RideFilter } from './ride-filter.ts'
import { tsqueryOf, wordOfPublic, wordOfRider } from './words.ts'

export interface Candidates {
  readonly partitions: readonly number[]
  readonly rideIds: readonly string[]
}

/** Of 1,000 routes of an hour each PostGIS says in 0.1 s which pass a place; of 1,000 titles nobody notices. */
export const candidatesOfPage = 1_000
/** All of them are looked at, few or many: by an index is always better. */
export const candidatesOfCount = 10_000

export interface Among {
  /** Whose own rides are among them. */
  readonly readerId: string | null
  readonly filter: RideFilter
  /** The list is in another order than that of the starts: walking along it goes past what another time has. */
  readonly isByDistance: boolean
  /** More are many. */
  readonly most: number
}

/** Undefined where they are many. */
export async function candidatesOf(read: Kysely<ReadTables>, among: Among): Promise<Candidates | undefined> {
  const { most } = among
  for (const { rows, needsBitmaps } of sourcesOf(among)) {
    const query = sql<{ partition: number; ride_id: string }>`
      select * from (${rows}) as candidates limit ${sql.lit(most + 1)}`
    const found = needsBitmaps
      ? // An index of words gives nothing but bitmaps, which the read side does without otherwise.
        await read.transaction().execute(async (transaction) => {
          await sql`set local enable_bitmapscan = on`.execute(transaction)
          return query.execute(transaction)
        })
      : await query.execute(read)
    if (found.rows.length > most) continue
    return {
      partitions: [...new Set(found.rows.map(({ partition }) => partition))],
      rideIds: found.rows.map((row) => row.ride_id),
    }
  }
  return undefined
}

interface CandidateSource {
  readonly rows: RawBuilder<unknown>
  readonly needsBitmaps: boolean
}

/** The most telling first. */
function sourcesOf({ readerId, filter, isByDistance, most: mostCandidates }: Among): CandidateSource[] {
  const { riderId, status, startedAfter, startedBefore, minDistance, maxDistance, words } = filter
  const rides = sql.table('rides')
  const routes = sql.table('routes')
  const isOwn = readerId !== null && (riderId === undefined || riderId === readerId)
  const isPublic = riderId === undefined || riderId !== readerId
  const ofRider = (column: RawBuilder<unknown>) =>
    riderId === undefined || isOwn ? sql`` : sql`and ${column} = ${riderId}::uuid`
  const sources: CandidateSource[] = []

  /** Of the parts of it that are looked at. */
  function add(own: RawBuilder<unknown>, open: RawBuilder<unknown>, needsBitmaps = false): void {
    const parts = [...(isOwn ? [own] : []), ...(isPublic ? [open] : [])]
    sources.push({
      rows: sql.join(
        parts.map((part) => sql`(${part} limit ${sql.lit(mostCandidates + 1)})`),
        sql` union all `,
      ),
      needsBitmaps,
    })
  }

  if (words !== undefined) {
    const query = tsqueryOf(words)
    const found = (whose: RawBuilder<unknown>) =>
      sql`select r.partition, r.ride_id from ${rides} r where r.words @@ (${query} && ${whose})`
    add(found(wordOfRider(readerId ?? '')), sql`${found(wordOfPublic)} ${ofRider(sql`r.rider_id`)}`, true)
  }
  for (const boxes of boxesOf(filter)) {
    // Compared as a text the rider is none that another index is ordered by.
    const own = boxes.map(
      ({ west, south, east, north }) => sql`(select f.partition, f.ride_id from ${routes} f
         where f.audience <> 'others' and f.rider_id::text = ${readerId}::text
           and route_of_rider(f.rider_id, f.route) &&& box_of_rider(${readerId}::uuid, ${west}::float8,
                 ${south}::float8, ${east}::float8, ${north}::float8) limit ${sql.lit(mostCandidates + 1)})`,
    )
    const open = boxes.map(
      (box) => sql`(select f.partition, f.ride_id from ${routes} f
         where f.visibility = 'PUBLIC' and f.audience <> 'rider' and f.route && ${envelope(box)}
               ${ofRider(sql`f.rider_id`)} limit ${sql.lit(mostCandidates + 1)})`,
    )
    const any = (parts: readonly RawBuilder<unknown>[]) =>
      sql`select partition, ride_id from (${sql.join(parts, sql` union all `)}) as there`
    add(any(own), any(open))
  }
  const unfinished = [
    sql`select r.partition, r.ride_id from ${rides} r
         where r.rider_id = ${readerId}::uuid and r.status <> 'FINISHED' and r.audience <> 'others'`,
    sql`select r.partition, r.ride_id from ${rides} r where r.status <> 'FINISHED' and r.visibility = 'PUBLIC'`,
  ] as const
  if (status !== undefined && !status.includes('FINISHED')) add(...unfinished)
  const isTimed = startedAfter !== undefined || startedBefore !== undefined
  if (isByDistance && (isTimed || (riderId !== undefined && !isOwn))) {
    const since = startedAfter === undefined ? sql`` : sql`and r.started_at >= ${startedAfter}`
    const until = startedBefore === undefined ? sql`` : sql`and r.started_at < ${startedBefore}`
    add(
      sql`select r.partition, r.ride_id from ${rides} r
           where r.rider_id = ${readerId}::uuid and r.audience <> 'others' ${since} ${until}`,
      sql`select r.partition, r.ride_id from ${rides} r
           where r.visibility = 'PUBLIC' and r.audience <> 'rider' ${since} ${until} ${ofRider(sql`r.rider_id`)}`,
    )
  }
  if (!isByDistance && (minDistance !== undefined || maxDistance !== undefined)) {
    const least = minDistance === undefined ? sql`` : sql`and f.distance >= ${minDistance}::float8`
    const most = maxDistance === undefined ? sql`` : sql`and f.distance <= ${maxDistance}::float8`
    // What has no route yet may be as long, too.
    const withUnfinished = (finished: RawBuilder<unknown>, other: RawBuilder<unknown>) =>
      sql`(${finished} limit ${sql.lit(mostCandidates + 1)}) union all (${other})`
    add(
      withUnfinished(
        sql`select f.partition, f.ride_id from ${routes} f
             where f.rider_id = ${readerId}::uuid and f.audience <> 'others' ${least} ${most}`,
        unfinished[0],
      ),
      withUnfinished(
        sql`select f.partition, f.ride_id from ${routes} f
             where f.visibility = 'PUBLIC' ${least} ${most} ${ofRider(sql`f.rider_id`)}`,
        unfinished[1],
      ),
    )
  }
  return sources
}

/** The rides that a viewer comes upon by himself, his own and the public ones: a page of them, and how many they are. */
import {
  type Expression,
  type ExpressionBuilder,
  type Kysely,
  type RawBuilder,
  type SqlBool,
  sql,
} from 'kysely'
import type { ReadTables } from '#projections/tables.ts'
import { mayList } from '#rights/may-see.ts'
import { readerOf, type Viewer } from '#rights/viewer.ts'
import type { Afresh } from './afresh.ts'
import { type BlankFor, composed } from './composed.ts'
import { type RideParts, wholeRide } from './ride-parts.ts'
import { nameOf, nameOfRider, type RideRow, rideRowOf, withAllOf } from './ride-row.ts'
import { isKeptRide, isShownTo, type ReadingFor } from './ride-rows.ts'

export interface RidesPage {
  readonly after: RidesKey | undefined
  readonly before: RidesKey | undefined
  readonly limit: number
  /** From the end. */
  readonly inverted: boolean
  /** What is read of them; `wholeRide` unless told. */
  readonly parts?: RideParts
}

export interface RidesKey {
  readonly startedAt: Date
  readonly rideId: string
}

/** Of a page, and one more that says whether another follows. */
const mostRides = 101

/**
 * A page of the rides listed for the viewer, newest start
 * first, by keyset: what comes in meanwhile shifts nothing.
 */
export async function ridesPage(
  read: Kysely<ReadTables>,
  viewer: Viewer,
  page: RidesPage,
  afresh?: Afresh,
): Promise<RideRow[]> {
  return withoutGaps(page, { viewer, afresh }, async (rest) => {
    const { after, before, inverted, parts = wholeRide } = rest
    const shape = { isAfter: after !== undefined, isBefore: before !== undefined, inverted, parts }
    const found = await pageOf(read, shape, { ...rest, viewer })
    return found.map((row) => rideRowOf(row, parts))
  })
}

/** A page that is short says that nothing follows: what is left out, as deleted or withdrawn, is made up for. */
export async function withoutGaps<Page extends Gapless>(
  page: Page,
  { viewer, afresh }: ReadingFor,
  ask: (page: Page) => Promise<RideRow[]>,
): Promise<RideRow[]> {
  const rides: RideRow[] = []
  let rest = page
  while (true) {
    const rows = await ask(rest)
    const held = afresh === undefined ? rows : await afresh.rides(rows, viewer)
    rides.push(...(held === rows ? rows : held.filter((ride) => mayList(viewer, ride))))
    const last = rows.at(-1)
    if (last === undefined || rows.length < rest.limit || rides.length === page.limit) return rides
    rest = { ...rest, [page.inverted ? 'before' : 'after']: last, limit: page.limit - rides.length }
  }
}

type Gapless = Pick<RidesPage, 'limit' | 'inverted'>

/** What the text of the statement depends on. */
interface PageShape extends Required<Pick<RidesPage, 'inverted' | 'parts'>> {
  readonly isAfter: boolean
  readonly isBefore: boolean
}

type Asked = RidesPage & { readonly viewer: Viewer }

/**
 * Each ride is in one of two indexes, which hold them in the order of the list: the public ones, and of each rider
 * the others. The page is merged from the two, so it takes what it shows from each, however many there are of
 * either. (As one condition, "his own or public", PostgreSQL walks along the index of all rides and leaves out
 * what he may not see: with 20 of his own among a million private ones, all of it.)
 *
 * His own name is looked up once, and of the rows only what is shown is taken along: without either PostgreSQL takes an eighth
 * longer for a page of 20.
 *
 * The limits inside are there for the planner, which knows no other: it takes a limit that is a parameter for a
 * tenth of all, and so would plan the statement anew each time it is asked.
 */
const pageOf = composed((read, shape: PageShape, blank: BlankFor<Asked>) => {
  const direction = shape.inverted ? 'asc' : 'desc'
  const part = (isIn: IsIn, riderName: RawBuilder<string | null>) => {
    let rides = read.selectFrom('rides as r').where(isIn).where(isKeptRide)
    if (shape.isAfter) rides = rides.where(beyond('<', ({ after }) => after))
    if (shape.isBefore) rides = rides.where(beyond('>', ({ before }) => before))
    return rides
      .select(shownColumns)
      .select(riderName.as('rider_name'))
      .orderBy('r.started_at', direction)
      .orderBy('r.ride_id', direction)
      .limit(sql.lit(mostRides))
  }
  const beyond = (operator: '<' | '>', key: (asked: Asked) => RidesKey | undefined) =>
    sql<boolean>`(r.started_at, r.ride_id) ${sql.raw(operator)} (${blank((asked) => key(asked)?.startedAt)}, ${blank((asked) => key(asked)?.rideId)})`
  const viewerId = blank(({ viewer }) => readerOf(viewer))
  const merged = read
    .selectFrom(part(isHisAlone(viewerId), nameOf(viewerId)).as('his'))
    .selectAll()
    .unionAll(read.selectFrom(part(isPublicTo(viewerId), nameOfRider).as('open')).selectAll())
  const page = read
    .selectFrom(merged.as('r'))
    .selectAll()
    .orderBy('started_at', direction)
    .orderBy('ride_id', direction)
    .limit(blank(({ limit }) => limit))
  return withAllOf(read.selectFrom(page.as('r')), shape.parts, sql.ref('r.rider_name'))
    .orderBy('r.started_at', direction)
    .orderBy('r.ride_id', direction)
})

const shownColumns = [
  ...([
    'r.partition',
    'r.ride_id',
    'r.rider_id',
    'r.status',
    'r.visibility',
    'r.title',
    'r.description',
  ] as const),
  ...(['r.started_at', 'r.ended_at', 'r.finished_at', 'r.audience', 'r.mask_version'] as const),
]

type IsIn = (eb: RideExpressions) => Expression<SqlBool>
type RideExpressions = ExpressionBuilder<{ r: ReadTables['rides'] }, 'r'>

/** Of a public ride with privacy zones both rows are in the index; he passes over the one that is not for him. */
function isPublicTo(viewerId: RawBuilder<string | null>) {
  return (eb: RideExpressions) => eb.and([eb('r.visibility', '=', sql.lit('PUBLIC')), isShownTo(viewerId)])
}

function isHisAlone(viewerId: RawBuilder<string | null>) {
  return ({ eb, and }: RideExpressions) =>
    and([
      eb('r.rider_id', '=', viewerId),
      eb('r.visibility', '<>', sql.lit('PUBLIC')),
      eb('r.audience', '<>', sql.lit('others')),
    ])
}

export const exactCountBound = 10_000

/** How many rides are listed for the viewer; counting stops one behind the bound. */
export async function countRides(read: Kysely<ReadTables>, viewer: Viewer): Promise<number> {
  const [row] = await counted(read, {}, viewer)
  return row?.count ?? 0
}

const counted = composed((read, _: object, blank: BlankFor<Viewer>) => {
  const part = (isIn: IsIn) =>
    read
      .selectFrom('rides as r')
      .select('r.ride_id')
      .where(isIn)
      .where(isKeptRide)
      .limit(sql.lit(exactCountBound + 1))
  const listed = read
    .selectFrom(part(isHisAlone(blank(readerOf))).as('his'))
    .selectAll()
    .unionAll(read.selectFrom(part(isPublicTo(blank(readerOf))).as('open')).selectAll())
    .limit(sql.lit(exactCountBound + 1))
  return read.selectFrom(listed.as('listed')).select(({ fn }) => fn.countAll<number>().as('count'))
})

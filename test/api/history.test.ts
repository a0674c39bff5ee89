/** A page of history: what it holds, how many statements it is, and what these touch (also test/bench). */
import { graphql } from 'graphql'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { createLoaders } from '#api/loaders.ts'
import { wholeRide } from '#api/ride-parts.ts'
import { countRides, type RidesPage, ridesPage } from '#api/rides-page.ts'
import { schema } from '#api/schema.ts'
import { lookUpsOnly } from '#database/read-pool.ts'
import { openFreshLog } from '../log/open.ts'
import { needsPostgres } from '../support/database.ts'
import { statement } from '../support/statement.ts'
import { type Filling, fillRides, leaveAlone, viewer } from './filled-rides.ts'
import { openRecordedRead, type RecordedRead, type Statement } from './recorded-read.ts'

async function openFilled(filling: Filling, { analysed = false } = {}) {
  const opened = await openFreshLog()
  await leaveAlone(opened.url)
  await fillRides(opened.url, filling)
  if (analysed) await statement(opened.url, 'vacuum analyze')
  const recorded = await openRecordedRead(opened.url)
  return {
    ...opened,
    ...recorded,
    async [Symbol.asyncDispose]() {
      await recorded[Symbol.asyncDispose]()
      await opened[Symbol.asyncDispose]()
    },
  }
}

const someRides: Filling = { rides: 300, own: 120, visibility: 'PUBLIC' }

function execute({ read }: Pick<RecordedRead, 'read'>, source: string) {
  const loaders = createLoaders({
    read,
    log: { partitionOf: () => 0 },
    viewer,
    afresh: undefined,
    now: Date.now,
  })
  const contextValue = { read, viewer, log: { partitionOf: () => 0 }, loaders }
  return graphql({ schema, source, contextValue })
}

async function ask(filled: Pick<RecordedRead, 'read'>, source: string) {
  const { data, errors } = await execute(filled, source)
  expect(errors).toBeUndefined()
  return data
}

const nodes = `nodes {
  id title status startedAt timeZone rider { id name } progress { distance movingTime }
  statistics { distance elevationGain } route { boundingBox { west } polylines(tolerance: 60) } }`

test('a page with riders, statistics and thumbnails is one statement; its number is another, and only where it is asked for', async () => {
  await using filled = await openFilled(someRides)
  const alone = await ask(filled, `{ rides(first: 20) { pageInfo { hasNextPage endCursor } ${nodes} } }`)
  expect(filled.taken()).toHaveLength(1)
  const listed = JSON.parse(JSON.stringify(alone))['rides'].nodes
  expect(listed).toHaveLength(20)
  for (const { status, progress, route, statistics } of listed) {
    expect(statistics).toEqual(
      status === 'FINISHED' ? { distance: progress.distance, elevationGain: null } : null,
    )
    expect(route?.polylines).toEqual(status === 'FINISHED' ? ['fifty'] : undefined)
  }
  const counted = await ask(filled, `{ rides(first: 20) { totalCount totalCountIsExact ${nodes} } }`)
  expect(filled.taken()).toHaveLength(2)
  expect(counted?.['rides']).toMatchObject({ totalCount: 273, totalCountIsExact: true })
})

test('what a list asks for in a fragment, by a variable or under another name is read with it', async () => {
  await using filled = await openFilled(someRides)
  const answer = await ask(
    filled,
    `query ($coarse: Float = 9000) { rides(first: 4) { edges { node { ...Shown } } } }
     fragment Shown on Ride {
       ... on Ride { where: latestPosition { latitude } }
       route {
         far: polylines(tolerance: $coarse) near: polylines(tolerance: 10)
         within: boundingBox { east } without: excluded { count }
       }
     }`,
  )
  const shown = JSON.parse(JSON.stringify(answer))['rides'].edges.map((edge: { node: unknown }) => edge.node)
  expect(filled.taken()).toHaveLength(1)
  for (const { where } of shown) expect(where).toEqual({ latitude: 46 })
  const routes = shown.flatMap(({ route }: { route: unknown }) => route ?? [])
  expect(routes.length).toBeGreaterThan(0)
  for (const route of routes) {
    expect(route).toEqual({ far: [], near: ['ten'], within: { east: 15 }, without: [{ count: 3 }] })
  }
})

test('what a list does not ask for is not read', async () => {
  await using filled = await openFilled(someRides)
  const textOf = async (asked: string) => {
    await ask(filled, `{ rides(first: 4) { nodes { ${asked} } } }`)
    return filled.taken()[0]?.text ?? ''
  }
  const seldom = ['"latest"', '"excluded"', 'f.west', '"thumbnail_50"']
  const readIn = (text: string) => seldom.filter((column) => text.includes(column))
  expect(readIn(await textOf('id statistics { distance } route { pointCount }'))).toEqual([])
  const all = 'latestPosition { at } route { excluded { count } polylines(tolerance: 60) }'
  expect(readIn(await textOf(all))).toEqual(seldom)
})

test('a number that is none fails its own field and no other ride', async () => {
  await using filled = await openFilled(someRides)
  await statement(filled.url, `update routes_1 set max_speed = 'NaN' where ride_id = md5('2')::uuid`)
  const source = '{ rides(last: 4) { nodes { status statistics { maxSpeed } } } }'
  const { data, errors } = await execute(filled, source)
  expect(errors).toHaveLength(1)
  expect(errors?.[0]?.path).toEqual(['rides', 'nodes', 2, 'statistics', 'maxSpeed'])
  const shown = JSON.parse(JSON.stringify(data))['rides'].nodes
  expect(shown.map(({ statistics }: { statistics: unknown }) => statistics)).toEqual([
    { maxSpeed: 9 },
    null,
    null,
    null,
  ])
})

test('of a single ride its rider, statistics and route are one statement, each other part another', async () => {
  await using filled = await openFilled(someRides)
  const [ride] = await ridesPage(filled.read, viewer, { ...first(1), inverted: true })
  filled.taken()
  const parts = 'rider { name } statistics { distance } route { boundingBox { west } }'
  await ask(filled, `{ ride(id: "${ride?.rideId}") { ${parts} } }`)
  expect(filled.taken()).toHaveLength(1)
  await ask(filled, `{ ride(id: "${ride?.rideId}") { ${parts} splits { distance } } }`)
  expect(filled.taken().length).toBeLessThanOrEqual(2)
})

test('a page is merged of his own rides and the public ones, each once, both ways, and nothing else is in it', async () => {
  await using filled = await openFilled(someRides)
  const rows = await statement(
    filled.url,
    `select r.ride_id from rides_1 r join streams s on s.stream_id = r.ride_id
      where not s.deleted and (r.rider_id = '${viewer.riderId}' or r.visibility = 'PUBLIC')
      order by r.started_at desc, r.ride_id desc`,
  )
  const expected = rows.map((row) => row['ride_id'])
  for (const inverted of [false, true]) {
    const walked: unknown[] = []
    let page: RidesPage = { ...first(7), inverted }
    while (true) {
      const rides = await ridesPage(filled.read, viewer, page)
      walked.push(...rides.map(({ rideId }) => rideId))
      if (rides.length < page.limit) break
      page = { ...page, [inverted ? 'before' : 'after']: rides.at(-1) }
    }
    expect(walked).toEqual(inverted ? expected.toReversed() : expected)
  }
  await statement(filled.url, `update rides_1 set visibility = 'PRIVATE'`)
  const own = await ridesPage(filled.read, viewer, first(100))
  expect(own).toHaveLength(100)
  expect(new Set(own.map(({ riderId }) => riderId))).toEqual(new Set([viewer.riderId]))
})

test('rides are counted exactly to 10,000, and no further than one more', async () => {
  await using filled = await openFilled({ rides: 12_000, own: 60, visibility: 'PUBLIC' })
  expect(await countRides(filled.read, viewer)).toBe(10_001)
  await statement(
    filled.url,
    `delete from rides_1 where started_at >= timestamptz '2026-01-01' + interval '900 hours'`,
  )
  const [row] = await statement(
    filled.url,
    `select count(*)::int as listed from rides_1 r join streams s on s.stream_id = r.ride_id where not s.deleted`,
  )
  expect(row?.['listed']).toBeLessThan(10_000)
  expect(await countRides(filled.read, viewer)).toBe(row?.['listed'])
})

const many = 20_000
const fillings: readonly [string, Filling][] = [
  ['all are his own', { rides: many, own: many, visibility: 'PRIVATE' }],
  ['he has 20 and the others are not for him', { rides: many, own: 20, visibility: 'PRIVATE' }],
  ['he has 20 and the others are public', { rides: many, own: 20, visibility: 'PUBLIC' }],
]

describe.each(fillings)('flat cost: of 20,000 rides, where %s,', (_, filling) => {
  test.for([true, false])(
    'a page is read by indexes alone and touches no more than what it shows (tables analysed: %s)',
    async (analysed, context) => {
      needsPostgres(context)
      await using filled = await openFilled(filling, { analysed })
      const { read, url } = filled
      const inTheMiddle = {
        startedAt: new Date(Date.UTC(2026, 0, 1) + 500 * 3_600_000),
        rideId: viewer.riderId,
      }
      const pages: RidesPage[] = [
        first(21),
        { ...first(21), after: inTheMiddle },
        { ...first(21), inverted: true },
        { ...first(21), before: inTheMiddle, inverted: true },
      ]
      for (const page of pages) {
        await ridesPage(read, viewer, { ...page, parts: { ...wholeRide, thumbnails: [50] } })
        const [asked, more] = filled.taken()
        expect(more).toBeUndefined()
        for (const { scans, buffers } of await explained(url, asked!)) {
          expect(scans.filter((scan) => !scan.startsWith('Index'))).toEqual([])
          // A dozen look-ups a ride, of which one goes down an index of two or three levels.
          expect(buffers).toBeLessThan(700)
        }
      }
    },
  )
})

function first(limit: number): RidesPage {
  return { after: undefined, before: undefined, limit, inverted: false }
}

interface Plan {
  readonly 'Node Type': string
  readonly 'Shared Hit Blocks': number
  readonly 'Shared Read Blocks': number
  readonly Plans?: readonly Plan[]
}

/** As it is planned for these values, and as a session plans it that keeps the plan for any. */
async function explained(url: string, { text, values }: Statement) {
  const client = new pg.Client({ connectionString: url, options: lookUpsOnly })
  await client.connect()
  try {
    const given = values.map((value) => literal(value)).join()
    await client.query(`prepare asked as ${text}`)
    const plans: { scans: string[]; buffers: number }[] = []
    for (const mode of ['force_custom_plan', 'force_generic_plan']) {
      await client.query('begin')
      await client.query(`set local plan_cache_mode = ${mode}`)
      const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
        `explain (analyze, buffers, format json) execute asked (${given})`,
      )
      await client.query('commit')
      const { Plan: plan } = rows[0]!['QUERY PLAN'][0]
      plans.push({ scans: scansIn(plan), buffers: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'] })
    }
    return plans
  } finally {
    await client.end()
  }
}

function literal(value: unknown): string {
  return value instanceof Date ? pg.escapeLiteral(value.toISOString()) : pg.escapeLiteral(String(value))
}

function scansIn(plan: Plan): string[] {
  const { 'Node Type': type, Plans: below = [] } = plan
  return [...(type.endsWith('Scan') && type !== 'Subquery Scan' ? [type] : []), ...below.flatMap(scansIn)]
}

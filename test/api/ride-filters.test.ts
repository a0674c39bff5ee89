/** Filters, orders and cursors of a list of rides, held against what is to be found of rides made up at random. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RideFilter } from '#api/ride-filter.ts'
import { countFound, everyRide, foundRides, type RideOrder, rideOrders } from '#api/rides-found.ts'
import { wordsOf } from '#api/words.ts'
import { localRider, type Viewer } from '#rights/viewer.ts'
import { type OpenedLog, openFreshLog } from '../log/open.ts'
import { openRecordedRead, type RecordedRead } from './recorded-read.ts'
import { fillSearched, isFound, listed, type MadeRide, makeRides, riders } from './searched-rides.ts'

const rides = makeRides(4_000, 42)
const viewer = { ...localRider, riderId: riders.viewer }
let opened: OpenedLog
let recorded: RecordedRead
beforeAll(async () => {
  opened = await openFreshLog()
  await fillSearched(opened.url, rides)
  recorded = await openRecordedRead(opened.url)
})
afterAll(async () => {
  await recorded?.[Symbol.asyncDispose]()
  await opened?.[Symbol.asyncDispose]()
})

const optional = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined, freq: 2 })
const instant = fc
  .integer({ min: 0, max: 400 })
  .map((hour) => new Date(Date.UTC(2026, 0, 1) + hour * 3_600_000))
const day = instant.map((date) => date.toISOString().slice(0, 10))
const distance = fc.integer({ min: 0, max: 400 }).map((hundreds) => hundreds * 100)
const longitude = fc.oneof(
  fc.integer({ min: 0, max: 100 }).map((x) => 8 + x / 100 + 0.0033),
  fc.constantFrom(179.2041, -179.7041, -180, 180),
)
const latitude = fc.integer({ min: 0, max: 100 }).map((y) => 46 + y / 100 + 0.0033)
const filters: fc.Arbitrary<RideFilter> = fc.record({
  riderId: optional(fc.constantFrom(...Object.values(riders))),
  status: optional(
    fc.constantFrom(['FINISHED'], ['ACTIVE', 'PAUSED'], ['ENDED'], []) as fc.Arbitrary<RideFilter['status']>,
  ),
  startedAfter: optional(instant),
  startedBefore: optional(instant),
  firstDay: optional(day),
  lastDay: optional(day),
  minDistance: optional(distance),
  maxDistance: optional(distance),
  within: optional(
    fc
      .tuple(longitude, longitude, latitude, latitude)
      .map(([west, east, a, b]) => ({ west, east, south: Math.min(a, b), north: Math.max(a, b) })),
  ),
  near: optional(fc.record({ longitude, latitude, radius: fc.constantFrom(0, 500, 3_000, 20_000, 100_000) })),
  words: optional(
    fc
      .constantFrom(
        'morn',
        'zur',
        'ZÜRICH hill',
        '"hill commute"',
        'martin',
        'col',
        '-col hill',
        'моск',
        'ev "morning col"',
        'gravel -"col hill"',
      )
      .map(wordsOf),
  ),
})
/** Of so many conditions at random nothing would be left. */
const few: fc.Arbitrary<RideFilter> = fc
  .tuple(
    filters,
    fc.uniqueArray(fc.constantFrom(...(Object.keys(everyRide) as (keyof RideFilter)[])), { maxLength: 3 }),
  )
  .map(([filter, kept]) => ({
    ...everyRide,
    ...Object.fromEntries(kept.map((name) => [name, filter[name]])),
  }))

function expected(filter: RideFilter, order: RideOrder) {
  const value = (ride: MadeRide) => {
    const { startedAt = 0, distance = 0 } = listed(ride) ?? {}
    return order === 'DISTANCE_DESC' ? -distance : order === 'STARTED_AT_ASC' ? startedAt : -startedAt
  }
  const compare = (a: MadeRide, b: MadeRide) =>
    value(a) - value(b) || (a.rideId < b.rideId ? -1 : 1) * (order === 'STARTED_AT_ASC' ? 1 : -1)
  const judged = rides
    .filter((ride) => listed(ride) !== undefined)
    .sort(compare)
    .map((ride) => ({ rideId: ride.rideId, answer: isFound(ride, listed(ride)!, filter) }))
  const doubtful = new Set(judged.filter(({ answer }) => answer === undefined).map(({ rideId }) => rideId))
  return { surely: judged.filter(({ answer }) => answer === true).map(({ rideId }) => rideId), doubtful }
}

async function walk(
  filter: RideFilter,
  order: RideOrder,
  limit: number,
  inverted: boolean,
): Promise<string[]> {
  const walked: string[] = []
  let place: { after?: undefined; before?: undefined } & Record<string, unknown> = {}
  for (;;) {
    const { after, before } = { after: undefined, before: undefined, ...place }
    const page = await foundRides(recorded.read, viewer, { filter, order, after, before, limit, inverted })
    walked.push(...page.map(({ rideId }) => rideId))
    if (page.length < limit) return walked
    place = { [inverted ? 'before' : 'after']: page.at(-1) }
  }
}

test('a filter finds what it is to find and nothing else, in order, page by page both ways, and as many as are counted', async () => {
  await fc.assert(
    fc.asyncProperty(
      few,
      fc.constantFrom(...rideOrders),
      fc.constantFrom(7, 50, 101),
      fc.boolean(),
      async (filter, order, limit, inverted) => {
        const { surely, doubtful } = expected(filter, order)
        const size = Math.max(limit, Math.ceil(surely.length / 4))
        const walked = await walk(filter, order, size, inverted)
        const inOrder = inverted ? walked.toReversed() : walked
        expect(inOrder.filter((rideId) => !doubtful.has(rideId))).toEqual(surely)
        expect(await countFound(recorded.read, viewer, filter)).toBe(walked.length)
      },
    ),
    { numRuns: 40 },
  )
}, 60_000)

test.each([
  ['height', { west: 7, east: 100, south: 46.0333, north: 46.0333 }],
  ['width', { west: 8.3333, east: 8.3333, south: 45, north: 48 }],
])('a box without %s finds the rides that cross it, and as many as are counted', async (_, within) => {
  const filter = { ...everyRide, within }
  const spans = (a: number, b: number, low: number, high: number) =>
    Math.min(a, b) <= high && Math.max(a, b) >= low
  const crossing = rides.filter((ride) => {
    const line = ride.status === 'FINISHED' ? listed(ride)?.line : null
    if (line == null) return false
    const [fromX, fromY, toX, toY] = line
    return spans(fromX, toX, within.west, within.east) && spans(fromY, toY, within.south, within.north)
  })
  expect(crossing.length).toBeGreaterThan(0)
  for (const limit of [3, 101]) {
    const found = await walk(filter, 'STARTED_AT_DESC', limit, false)
    expect(found.toSorted()).toEqual(crossing.map(({ rideId }) => rideId).toSorted())
  }
  expect(await countFound(recorded.read, viewer, filter)).toBe(crossing.length)
})

test('rights: what is hidden of a ride finds it for its rider, and for nobody else', async () => {
  const zoned = { ...localRider, riderId: riders.zoned }
  const ride = rides.find(
    (each) =>
      each.riderId === riders.zoned &&
      each.visibility === 'PUBLIC' &&
      each.status === 'FINISHED' &&
      !each.isDeleted &&
      each.others !== null,
  )!
  const [west, south] = ride.own.line!
  const near = { longitude: west, latitude: south, radius: 50 }
  const hidden = {
    ...everyRide,
    near,
    startedAfter: new Date(ride.own.startedAt),
    startedBefore: new Date(ride.own.startedAt + 1),
  }
  const idsFor = async (who: Viewer) => {
    const page = {
      filter: hidden,
      order: 'DISTANCE_DESC',
      after: undefined,
      before: undefined,
      limit: 100,
      inverted: false,
    } as const
    return (await foundRides(recorded.read, who, page)).map(({ rideId }) => rideId)
  }
  expect(await idsFor(zoned)).toContain(ride.rideId)
  expect(await idsFor(viewer)).not.toContain(ride.rideId)
  const nobody = { ...localRider, riderId: null }
  const page = {
    filter: everyRide,
    order: 'STARTED_AT_DESC',
    after: undefined,
    before: undefined,
    limit: 101,
    inverted: false,
  } as const
  for (const found of await foundRides(recorded.read, nobody, page)) {
    expect(found.visibility).toBe('PUBLIC')
    if (found.riderId === riders.zoned) expect(found.maskedBy).toBe(2)
  }
})

test.each([
  ['', /holds no word/],
  [' - " " !', /holds no word/],
  ['-commute', /holds no word/],
  ['a'.repeat(201), /at most 200 characters/],
  [Array.from({ length: 21 }, (_, n) => `w${n}`).join(' '), /at most 20 words/],
])('text that cannot be looked for is refused in a sentence: %j', (text, message) => {
  expect(() => wordsOf(text)).toThrow(message)
})

/** What operations cost: by our reckoning, which knows a document once and for all, and by the plugin's, which looks each time. */
import { complexityFromQuery } from '@pothos/plugin-complexity'
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getOperationAST,
  Kind,
  parse,
  type SelectionNode,
  validate,
} from 'graphql'
import { describe, expect, test } from 'vitest'
import { costOf } from '#api/cost.ts'
import { askedParts } from '#api/ride-parts.ts'
import { schema } from '#api/schema.ts'
import { anonymous } from '#rights/viewer.ts'
import { judgeCosts } from '#server/limits/operation-cost.ts'
import { openRates } from '#server/limits/rates.ts'
import { usualLimits } from '#server/limits/settings.ts'

type Variables = Readonly<Record<string, unknown>>

function cost(document: DocumentNode, variables: Variables = {}): number {
  const operation = getOperationAST(document)
  if (operation == null) throw new Error('There is no operation')
  const found = costOf(schema, document, operation)
  return typeof found === 'number' ? found : found(variables)
}

const ofRide = `id title status rider { id name } statistics { distance } progress { distance }
  route { geometry polylines(tolerance: 50) boundingBox { west } excluded { reason count } } latestPosition { at }`
const documents: [source: string, variables?: Variables][] = [
  ['{ viewer { id } }'],
  [`{ ride(id: "x") { ${ofRide} splits { index distance } streams(resolution: 100) { time } } }`],
  [`{ rides { nodes { ${ofRide} } } }`],
  [`{ rides(first: 7) { edges { cursor node { ${ofRide} } } pageInfo { hasNextPage } } }`],
  [`query ($n: Int) { rides(first: $n) { nodes { ${ofRide} } } }`, { n: 50 }],
  [`query ($n: Int) { rides(first: $n) { nodes { ${ofRide} } } }`, { n: null }],
  [
    `query ($n: Int!) { a: rides(first: $n) { nodes { id } } b: rides(last: $n) { nodes { rider { id } } } }`,
    { n: 3 },
  ],
  [
    'query ($n: Int!) { rides(last: $n) { ...Page } } fragment Page on RideConnection { nodes { ...R } edges { node { ...R } } } fragment R on Ride { rider { id } ... on Ride { statistics { distance } } }',
    { n: 9 },
  ],
  [
    'mutation ($i: RideCommandInput!) { endRide(input: $i) { ... on EndRidePayload { ride { id rider { id } } } ... on Error { code } } }',
    { i: { rideId: 'x' } },
  ],
  [
    'query ($n: Int!) { logStreams(first: 7) { streams { events(first: $n) { bytes content { data } } } } }',
    { n: 9 },
  ],
  ['subscription { liveRides { rides { rideId rider { id } position { at } } removed } }'],
]

test.each(documents.map(([source, variables = {}]) => ({ source, variables })))(
  '$source costs what the plugin says',
  ({ source, variables }) => {
    const document = parse(source)
    expect(validate(schema, document)).toEqual([])
    expect(cost(document, variables)).toBe(
      complexityFromQuery(document, { schema, variables: { ...variables } }).complexity,
    )
  },
)

/** Each fragment spreads the one before twice; the innermost asks for what a variable says. */
function doubling(levels: number): DocumentNode {
  const fragments = Array.from(
    { length: levels },
    (_, level) => `fragment F${level + 1} on RideConnection { ...F${level} ...F${level} }`,
  )
  const innermost = 'fragment F0 on RideConnection { nodes { splits(unit: $u) { index } } }'
  return parse(
    `query ($u: DistanceUnit!) { rides(first: 1) { ...F${levels} } } ${innermost} ${fragments.join(' ')}`,
  )
}

test('what an operation asks of its rides is found in no time, however often its fragments are spread', () => {
  const document = doubling(60)
  const fragments: Record<string, FragmentDefinitionNode> = {}
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition
  }
  const fieldNodes = getOperationAST(document)?.selectionSet.selections.filter(isField) ?? []
  expect(askedParts({ fieldNodes, fragments, variableValues: { u: 'KILOMETRE' } })).toMatchObject({
    routeDetails: false,
  })
})

function isField(node: SelectionNode): node is FieldNode {
  return node.kind === Kind.FIELD
}

describe('an operation costs', () => {
  test('an object each, as often as its list may be long', () => {
    expect(cost(parse('{ viewer { id name } }'))).toBe(1)
    expect(cost(parse('{ rides(first: 10) { nodes { id title rider { id } } } }'))).toBe(1 + 10 * 2)
    expect(cost(parse('{ rides(first: 10) { edges { cursor node { id rider { id } } } } }'))).toBe(1 + 10 * 2)
    expect(cost(parse('{ rides { nodes { id } } }'))).toBe(1 + 20)
  })

  test('more where it is made of a whole ride', () => {
    const all = '{ rides(first: 100) { nodes { route { geometry } streams { time } } } }'
    expect(cost(parse(all))).toBe(1 + 100 * (1 + (1 + 10) + 10))
    expect(
      judgeCosts(schema, usualLimits.cost).of({
        document: parse(all.replace('geometry', 'a: geometry b: geometry c: geometry d: geometry')),
      }).refusal,
    ).toBeDefined()
  })

  test("what there is to read of each stream's events, also where only their size is asked for", () => {
    const streams = (count: number, events: number) =>
      parse(`{ logStreams(first: ${count}) { streams { events(first: ${events}) { bytes } } } }`)
    expect(cost(streams(10, 20))).toBe(1 + 10 * (1 + 1 + 20))
    expect(cost(parse('{ logStream(name: "x") { events(first: 100) { at content { data } } } }'))).toBe(
      1 + 1 + 100 + 100 * 5,
    )
    expect(judgeCosts(schema, usualLimits.cost).of({ document: streams(100, 100) }).refusal).toBeDefined()
  })

  test('more where rides are counted, once however long the page is, and however it is asked for', () => {
    const counted = 1 + 50
    for (const asked of [
      '{ rides(first: 0) { totalCount } }',
      '{ rides(first: 100) { totalCountIsExact a: totalCount } }',
      '{ rides(first: 0) { ...A } } fragment A on RideConnection { ... { ...B ...B } } fragment B on RideConnection { totalCount }',
    ]) {
      expect(cost(parse(asked))).toBe(counted)
    }
  })

  test('more where rides are searched for, most of all where they are near a place', () => {
    const searched = parse(
      'query ($f: RideFilter) { rides(first: 0, filter: $f) { pageInfo { endCursor } } }',
    )
    const counted = parse('query ($f: RideFilter) { rides(first: 0, filter: $f) { totalCount } }')
    const near = { near: { latitude: 46, longitude: 7, radius: 50_000 } }
    const within = { within: { west: 6, south: 45, east: 8, north: 47 }, text: 'pass' }
    const filters = [null, {}, { near: null }, { text: 'pass' }, near, within, 'odd']
    expect(filters.map((f) => cost(searched, { f }))).toEqual([1, 1, 1, 21, 501, 501, 1])
    expect(filters.map((f) => cost(counted, { f }))).toEqual([51, 51, 51, 271, 2_001, 2_001, 51])
  })

  test('so much where routes are compared and counted that one credential can do two at a time', () => {
    const document = parse(
      '{ rides(first: 0, filter: { near: { latitude: 46, longitude: 7, radius: 50000 } }) { totalCount } }',
    )
    const allowance = openRates(usualLimits).of(anonymous('192.0.2.1'))
    const underWay = Array.from({ length: 6 }, () => allowance?.enter(cost(document)))
    expect(underWay.filter((entered) => entered === true)).toHaveLength(2)
  })

  test('more where it asks for the schema, which is large', () => {
    const aliases = (count: number) =>
      Array.from({ length: count }, (_, index) => `s${index}: __schema { types { name } }`).join(' ')
    expect(cost(parse(`{ ${aliases(1)} t: __type(name: "Ride") { name } }`))).toBe(400)
    expect(
      judgeCosts(schema, usualLimits.cost).of({ document: parse(`{ ${aliases(45)} }`) }).refusal,
    ).toBeDefined()
  })

  test('what its variables say, and where they say nothing their default', () => {
    const asked = parse('query ($n: Int = 30) { rides(first: $n) { nodes { id } } }')
    expect([{ n: 5 }, {}, { n: 100 }].map((variables) => cost(asked, variables))).toEqual([6, 31, 101])
  })

  test('something also where variables are no numbers, are missing, or are out of all bounds', () => {
    const asked = parse('query ($n: Int!) { rides(first: $n) { nodes { id } } }')
    const odd = [{ n: 'many' }, { n: {} }, {}, { n: -5 }, { n: 1e9 }, { n: Number.NaN }]
    expect(odd.map((variables) => cost(asked, variables))).toEqual([21, 21, 21, 1, 1_001, expect.any(Number)])
  })

  test('nothing for names of types, which clients add everywhere', () => {
    const plain = '{ rides(first: 9) { nodes { id rider { id } } } }'
    const named =
      '{ __typename rides(first: 9) { __typename nodes { __typename id rider { __typename id } } } }'
    expect(cost(parse(named))).toBe(cost(parse(plain)))
  })

  test('all that fragments in fragments make of it, and to find that out takes no time', () => {
    const levels = 60
    const fragments = Array.from(
      { length: levels },
      (_, level) =>
        `fragment F${level} on Query { ...F${level + 1} a${level}: viewer { id } ...F${level + 1} }`,
    )
    const bomb = parse(`{ ...F0 } ${fragments.join(' ')} fragment F${levels} on Query { viewer { id } }`)
    expect(cost(bomb)).toBeGreaterThan(2 ** levels)
  })

  test('also where it depends on a variable, below a field', () => {
    expect(cost(doubling(60), { u: 'KILOMETRE' })).toBeGreaterThan(2 ** 60)
  })
})

describe('the judge', () => {
  const asked = parse('query ($n: Int) { rides(first: $n) { nodes { id } } }')
  const judge = judgeCosts(schema, 50)

  test('lets pass what costs no more than may be, and reports it', () => {
    const variableValues = { n: 49 }
    expect(judge.of({ document: asked, variableValues })).toEqual({
      cost: 50,
      extensions: { cost: { requested: 50, limit: 50 } },
      refusal: undefined,
    })
  })

  test('refuses what costs more, and says how much', () => {
    const { refusal, extensions } = judge.of({ document: asked, variableValues: { n: 50 } })
    expect(refusal?.message).toBe(
      'The operation costs 51; at most 50 are taken. Ask for shorter pages, or for less of each item.',
    )
    expect(refusal?.extensions).toMatchObject({ code: 'TOO_COMPLEX', http: { status: 400 } })
    expect(extensions).toEqual({ cost: { requested: 51, limit: 50 } })
  })

  test('without a limit reports the cost alone, which JSON can say', () => {
    const { refusal, extensions } = judgeCosts(schema, Number.POSITIVE_INFINITY).of({ document: asked })
    expect([refusal, extensions]).toEqual([undefined, { cost: { requested: 21 } }])
  })

  test('finds the operation that is meant', () => {
    const document = parse('query A { viewer { id } } query B { rides { nodes { id } } }')
    const costs = ['A', 'B', 'C'].map((operationName) => judge.of({ document, operationName }).cost)
    expect(costs).toEqual([1, 21, 0])
  })
})

test('every list of the schema that has no length of its own is counted as several', () => {
  const document = parse('{ ride(id: "x") { splits { index } } projections { partitions { head } } }')
  const [operation] = document.definitions
  expect(operation?.kind).toBe(Kind.OPERATION_DEFINITION)
  expect(cost(document)).toBe(1 + 1 + 1 + 10 * 1)
})

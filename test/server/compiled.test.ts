/**
 * Compiled operations answer as yoga's executor does, over the contract's own types. What the resolvers give is drawn by lot: values,
 * nothing, faults, errors for the client, at once or later; the same for both.
 */
import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import {
  type ExecutionResult,
  GraphQLError,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
  responsePathAsArray,
  validate,
} from 'graphql'
import { createYoga } from 'graphql-yoga'
import { beforeAll, describe, expect, test } from 'vitest'
import { schema } from '#api/schema.ts'
import { compileOperations } from '#server/compiled.ts'

const { execute } = createYoga({ schema, logging: false, maskedErrors: false }).getEnveloped({})

/**
 * What is drawn, and which resolvers were called with what. `mild`: something is missing only where it may be. Otherwise
 * anywhere, all of it at once or all of it later: of both together yoga's executor loses sight, and leaves a rejection to nobody.
 */
interface Lot {
  readonly seed: number
  readonly mood: 'mild' | 'harsh at once' | 'harsh later'
  readonly calls: string[]
}

beforeAll(() => {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type)) type.resolveType = ({ __typename }: { __typename: string }) => __typename
    if (!isObjectType(type) || type.name.startsWith('__')) continue
    type.isTypeOf = undefined
    for (const field of Object.values(type.getFields())) {
      field.resolve = (_, args, lot: Lot, { path, returnType }) => {
        const place = responsePathAsArray(path).join('.')
        lot.calls.push(`${type.name}.${field.name} at ${place} ${JSON.stringify(args, sorted)}`)
        return drawn(returnType, place, lot)
      }
    }
  }
})

/** The order of arguments is nobody's business. */
function sorted(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function drawn(type: GraphQLOutputType, place: string, lot: Lot): unknown {
  const chance = number(`chance ${place}`, lot, 100)
  const isLate = lot.mood === 'harsh later' || (lot.mood === 'mild' && chance % 3 === 0)
  if (!isLate) return outcome()
  return setImmediate().then(outcome)

  function outcome(): unknown {
    const mayFail = lot.mood !== 'mild' || !isNonNullType(type)
    if (mayFail && chance < 5) throw new Error(`A fault at ${place}`)
    if (mayFail && chance < 9)
      throw new GraphQLError(`Refused at ${place}`, { extensions: { code: 'FORBIDDEN' } })
    return mayFail && chance < 20 ? null : someOf(type, place, lot)
  }
}

function someOf(type: GraphQLOutputType, place: string, lot: Lot): unknown {
  const nullable = getNullableType(type)
  if (isListType(nullable)) {
    const length = number(`length ${place}`, lot, 3)
    return Array.from({ length }, (_, index) => someOf(nullable.ofType, `${place}.${index}`, lot))
  }
  const named = getNamedType(type)
  if (isAbstractType(named)) {
    const types = schema.getPossibleTypes(named)
    return { __typename: types[number(`type ${place}`, lot, types.length)]?.name }
  }
  if (isObjectType(named)) return { __typename: named.name }
  const some = number(`value ${place}`, lot, 1_000)
  if (isEnumType(named)) return named.getValues()[some % named.getValues().length]?.value
  switch (named.name) {
    case 'Boolean':
      return some % 2 === 0
    case 'ID':
    case 'String':
    case 'Cursor':
      return `text ${some}`
    case 'GeoJSON':
      return { type: 'MultiLineString', coordinates: [[[some, 1]]] }
    default:
      return some
  }
}

function number(what: string, { seed }: Lot, below: number): number {
  return createHash('md5').update(`${seed} ${what}`).digest().readUInt32LE() % below
}

const rides = `query Rides($first: Int = 2, $tolerance: Float, $unit: DistanceUnit! = MILE) {
  viewer { ...Who }
  mine: rides(first: $first) { ...Page pageInfo { hasNextPage endCursor } totalCount }
  rides(last: 1, before: "x") { edges { cursor node { id ... on Ride { id title } } } }
  fragments: rides { nodes { ...Shown timeZone } }
}
fragment Who on Rider { id name __typename }
fragment Page on RideConnection { nodes { ...Shown rider { ...Who } } nodes { version } }
fragment Shown on Ride {
  __typename id title status visibility startedAt endedAt cursor description
  latestPosition { at latitude longitude heartRate }
  progress { distance movingTime speed }
  statistics { distance averageSpeed maxHeartRate }
  route {
    boundingBox { west east } excluded { count reason } pointCount
    lines: polylines(tolerance: $tolerance) fine: polylines geometry(tolerance: 12.5)
  }
  splits(unit: $unit) { index distance elevationChange }
  kilometres: splits { index }
}`
const operations: Record<string, readonly [text: string, variables?: Record<string, unknown>]> = {
  'a page of rides': [rides],
  'a page of rides, otherwise': [rides, { first: null, tolerance: 3, unit: 'KILOMETRE' }],
  'a page of rides, with what cannot be null': [rides, { unit: 'MILE', tolerance: null }],
  'a ride by id, with its streams': [
    'query ($id: ID!, $resolution: Int) { ride(id: $id, minVersion: 3) { id streams(resolution: $resolution) { time altitude latitude power originalSize } } none: ride(id: 12) { id } }',
    { id: 7, resolution: 12 },
  ],
  'an argument that may be left out, but not be null': [
    'query ($unit: DistanceUnit) { ride(id: "a") { splits(unit: $unit) { index } } }',
    { unit: null },
  ],
  'such an argument, left out': [
    'query ($unit: DistanceUnit) { ride(id: "a") { splits(unit: $unit) { index } } }',
  ],
  'an upload': [
    'mutation R($input: RecordPositionsInput!) { recordPositions(input: $input) { __typename ... on RecordPositionsPayload { version accepted ride { status } } ... on Error { code message } ... on RideNotActiveError { status } ... on InvalidInputError { path } ... on OverloadedError { retryAfter } } }',
    {
      input: {
        rideId: 'a',
        uploadId: null,
        positions: [{ at: '2026-05-31T08:00:00Z', latitude: 1, longitude: 2 }],
      },
    },
  ],
  'an upload that is written out': [
    'mutation { recordPositions(input: { rideId: "a", expectedVersion: 4, positions: [{ at: "2026-05-31T08:00:00.5+02:00", latitude: 1 }, { at: "2026-05-31T08:00:00Z", speed: null }] }) { ... on RecordPositionsPayload { cursor rideId } ...E } } fragment E on Error { __typename code message }',
  ],
  'a start with nothing': [
    'mutation { started: startRide(input: {}) { ... on StartRidePayload { version } } }',
  ],
  'an edit that clears': [
    'mutation ($input: EditRideInput!) { editRide(input: $input) { ... on EditRidePayload { ride { title visibility } } ... on VersionConflictError { actualVersion } } }',
    { input: { rideId: 'a', title: null, visibility: 'PUBLIC' } },
  ],
  'for administrators': [
    'query { projections { name version state since partitions { partition behind } } parkedRides(first: 3) { rideId error { summary where } parkedAt } }',
  ],
  'one of several': [
    'query Other { viewer { id } } query Mine($id: ID! = "x") { ride(id: $id) { id } }',
    { operationName: 'Mine' },
  ],
}

interface Asked {
  readonly result: ExecutionResult
  readonly calls: readonly string[]
}

describe.each(Object.entries(operations))('%s', (_, [text, given = {}]) => {
  const document = parse(text)
  const { operationName, ...variableValues } = given as { operationName?: string }
  const asking = { schema, document, operationName, variableValues }
  const compiled = compileOperations(schema, { after: 0 })

  async function both(seed: number, mood: Lot['mood']): Promise<{ ours: Asked; theirs: Asked }> {
    const theirLot: Lot = { seed, mood, calls: [] }
    const theirs = await execute({ ...asking, contextValue: theirLot })
    const ourLot: Lot = { seed, mood, calls: [] }
    const ours = await compiled.of(asking)?.execute({ ...asking, contextValue: ourLot })
    if (ours === undefined) throw new Error('It was not compiled')
    return { ours: { result: ours, calls: ourLot.calls }, theirs: { result: theirs, calls: theirLot.calls } }
  }

  test('is valid, and answered the same whatever the resolvers give', async () => {
    expect(validate(schema, document)).toEqual([])
    for (let seed = 0; seed < 40; seed++) {
      const { ours, theirs } = await both(seed, 'mild')
      expect(JSON.stringify(ours.result.data)).toBe(JSON.stringify(theirs.result.data))
      expect(errorsOf(ours.result)).toEqual(errorsOf(theirs.result))
      expect(ours.calls.toSorted()).toEqual(theirs.calls.toSorted())
    }
  })

  test.each(['harsh at once', 'harsh later'] as const)(
    'holds the same nothings, where something is missing that must be there: %s',
    async (mood) => {
      for (let seed = 0; seed < 40; seed++) {
        const { ours, theirs } = await both(seed, mood)
        expect(JSON.stringify(ours.result.data)).toBe(JSON.stringify(theirs.result.data))
        expect(ours.result.errors === undefined).toBe(theirs.result.errors === undefined)
      }
    },
  )
})

/** As they go to the client and to the mask, in no order: they come in the order of their time. */
function errorsOf({ errors = [] }: ExecutionResult): string[] {
  return errors.map((error) => JSON.stringify([error, error.originalError?.message])).toSorted()
}

test('what must not be null is a fault, and of the usual kind: with its place, its path and what it comes from', async () => {
  const document = parse('query {\n  viewer {\r\n    id\r    wrong: name }\n}')
  const asking = { schema, document, variableValues: {} }
  schema.getQueryType()!.getFields()['viewer']!.resolve = () => ({})
  const Rider = schema.getType('Rider')
  if (!isObjectType(Rider)) throw new Error('No riders')
  Rider.getFields()['id']!.resolve = () => 'a'
  Rider.getFields()['name']!.resolve = () => null
  const theirs = await execute(asking)
  const ours = await compileOperations(schema, { after: 0 }).of(asking)?.execute(asking)
  expect(theirs.errors).toHaveLength(1)
  expect(errorsOf(ours!)).toEqual(errorsOf(theirs))
  expect(ours?.errors?.[0]).toBeInstanceOf(GraphQLError)
  expect(ours?.errors?.[0]?.originalError).toBeInstanceOf(Error)
})

describe('is not compiled', () => {
  const isCompiled = (text: string, after = 0) => {
    const operations = compileOperations(schema, { after })
    const asking = { document: parse(text) }
    for (let time = 0; time < 5; time++) if (operations.of(asking) !== undefined) return true
    return false
  }

  test('what is asked for now and then', () => {
    expect(isCompiled('{ viewer { id } }', 5)).toBe(false)
    expect(isCompiled('{ viewer { id } }', 4)).toBe(true)
  })

  test('what is taken in or left out by a condition', () => {
    expect(isCompiled('query ($f: Boolean!) { viewer { id name @include(if: $f) } }')).toBe(false)
    expect(isCompiled('{ viewer { ...N } } fragment N on Rider { name @skip(if: false) }')).toBe(false)
  })

  test('what holds several mutations, of which the first that faults ends them all', () => {
    expect(isCompiled('mutation { a: startRide(input: {}) { __typename } }')).toBe(true)
    expect(
      isCompiled(
        'mutation { a: startRide(input: {}) { __typename } b: startRide(input: {}) { __typename } }',
      ),
    ).toBe(false)
    expect(
      isCompiled('mutation { ...Two } fragment Two on Mutation { startRide(input: {}) { __typename } }'),
    ).toBe(false)
  })

  test('what has a variable within a value, which would be null where it is not given', () => {
    expect(
      isCompiled(
        'mutation ($title: String) { editRide(input: { rideId: "a", title: $title }) { __typename } }',
      ),
    ).toBe(false)
    expect(isCompiled('mutation ($input: EditRideInput!) { editRide(input: $input) { __typename } }')).toBe(
      true,
    )
  })

  test('what asks for the schema', () => {
    expect(isCompiled('{ __type(name: "Passing") { name } }')).toBe(false)
    expect(
      isCompiled('{ viewer { __typename } ...S } fragment S on Query { __schema { description } }'),
    ).toBe(false)
  })

  test('a subscription', () => {
    expect(isCompiled('subscription { liveRides { snapshot } }')).toBe(false)
  })

  test('what is short, and unfolds to much', () => {
    const spread = (name: string, times: number) =>
      Array.from({ length: times }, (_, time) => `a${time}: ${name}`).join(' ')
    const unfolding = (times: number) => `{ ${spread('rides { ...A }', times)} }
      fragment A on RideConnection { ${spread('nodes { ...B }', times)} }
      fragment B on Ride { ${spread('id', times)} }`
    expect(isCompiled(unfolding(5))).toBe(true)
    const before = process.cpuUsage().user
    expect(isCompiled(unfolding(200))).toBe(false)
    expect(process.cpuUsage().user - before).toBeLessThan(1_000_000)
  })
})

import fc from 'fast-check'
import { buildSchema, getVariableValues, type OperationDefinitionNode, parse } from 'graphql'
import { expect, test } from 'vitest'
import { schema } from '#api/schema.ts'
import { coercionOf } from '#server/coercion.ts'

function operationOf(text: string): OperationDefinitionNode {
  const [operation] = parse(text).definitions
  if (operation?.kind !== 'OperationDefinition') throw new Error('No operation')
  return operation
}

const every = operationOf(`query (
  $start: StartRideInput, $record: RecordPositionsInput!, $command: [RideCommandInput!], $edit: EditRideInput,
  $box: BoundingBoxInput, $unit: DistanceUnit! = MILE, $first: Int = 20, $at: DateTime, $cursor: Cursor, $title: String!
) { viewer { name } }`)

function mostly(right: fc.Arbitrary<unknown>, wrong: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 50, arbitrary: right }, { weight: 1, arbitrary: wrong })
}

/** What clients send, and what they should not: half of all are right as a whole. */
const id = fc.oneof(fc.uuid(), fc.string(), fc.integer())
const at = mostly(
  fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom('2024-02-29T23:59:59+05:30', '2024-02-30T10:00:00Z', 'yesterday', 0, ''),
)
const nonsense = fc.constantFrom<unknown>(
  ...[null, [], {}, [[]], 'text', 1.5, 2 ** 40, true, { toString: 1 }, JSON.parse('{"__proto__": 1}')],
)
const or = (right: fc.Arbitrary<unknown>) => mostly(right, nonsense)
const number = or(fc.double({ noNaN: true, noDefaultInfinity: true }))
const position = fc.record(
  { at, latitude: number, longitude: number, altitude: number, heartRate: or(fc.integer()), power: fc.nat() },
  { requiredKeys: ['at'] },
)
const variables = fc.record(
  {
    start: or(
      fc.record(
        {
          rideId: id,
          startedAt: at,
          title: fc.string(),
          visibility: mostly(fc.constant('PUBLIC'), fc.constant('ME')),
        },
        { requiredKeys: [] },
      ),
    ),
    record: or(
      fc.record(
        {
          rideId: id,
          positions: or(fc.array(or(position), { maxLength: 4 })),
          expectedVersion: fc.integer(),
        },
        { requiredKeys: ['rideId', 'positions'] },
      ),
    ),
    command: or(fc.array(or(fc.record({ rideId: id, at })), { maxLength: 2 })),
    edit: or(
      fc.record(
        {
          rideId: id,
          title: fc.constantFrom(null, 'New'),
          wheels: mostly(fc.constant(undefined), fc.integer()),
        },
        { requiredKeys: ['rideId'] },
      ),
    ),
    box: or(fc.record({ west: number, south: number, east: number, north: number })),
    unit: mostly(fc.constantFrom('MILE', 'KILOMETRE'), fc.constant('FURLONG')),
    first: or(fc.integer()),
    at,
    cursor: or(fc.string()),
    title: or(fc.string()),
  },
  { requiredKeys: ['record', 'title'] },
)

test('variables are coerced as graphql-js coerces them, or left to it', () => {
  const coerce = coercionOf(schema, every)
  const counts = { coerced: 0, wrong: 0 }
  fc.assert(
    fc.property(variables, (given) => {
      const { coerced, errors } = getVariableValues(schema, every.variableDefinitions ?? [], given)
      const ours = coerce(given)
      if (errors === undefined) {
        // What is given where a list is wanted is a list of one: right, and too rare to be known here.
        if (ours === undefined) return
        counts.coerced++
        expect(ours).toEqual(coerced)
        expect(Object.keys(ours)).toEqual(Object.keys(coerced))
      } else {
        counts.wrong++
        expect(ours).toBeUndefined()
      }
    }),
    { numRuns: 1_000 },
  )
  expect(counts.coerced).toBeGreaterThan(100)
  expect(counts.wrong).toBeGreaterThan(100)
})

test('what is plainly right is not left alone', () => {
  const given = {
    record: {
      rideId: 'a',
      positions: [{ at: '2026-05-31T08:00:00Z', latitude: 1, longitude: 2, speed: null }],
    },
    title: 'T',
    first: null,
  }
  expect(coercionOf(schema, every)(given)).toEqual({
    record: {
      rideId: 'a',
      positions: [{ at: Date.UTC(2026, 4, 31, 8), latitude: 1, longitude: 2, speed: null }],
    },
    unit: 'MILE',
    first: null,
    title: 'T',
  })
})

test('defaults of fields, types that hold themselves, and of one field only', () => {
  const tree = buildSchema(`
    input Tree { name: String! = "oak", deep: Int = 3, branches: [Tree!] }
    input Either @oneOf { one: Int, other: Int }
    type Query { a(tree: Tree, either: Either): Int }`)
  const operation = operationOf('query ($tree: Tree, $either: Either) { a(tree: $tree, either: $either) }')
  const coerce = coercionOf(tree, operation)
  const given = { tree: { branches: [{ name: 'twig', deep: null }, {}] } }
  expect(coerce(given)).toEqual(getVariableValues(tree, operation.variableDefinitions ?? [], given).coerced)
  expect(coerce(given)).toMatchObject({ tree: { name: 'oak', branches: [{ name: 'twig' }, { deep: 3 }] } })
  expect(coerce({ either: { one: 1 } })).toBeUndefined()
})

import { buildSchema } from 'graphql'
import { expect, test } from 'vitest'
import { schema } from '#api/schema.ts'
import { undescribed, withoutUnit } from './described.ts'

test('every type, field, argument, field of an input and value of an enumeration says what it is', () => {
  expect(undescribed(schema)).toEqual([])
})

test('every number says its unit, or that it counts, or in which order it stands', () => {
  expect(withoutUnit(schema)).toEqual([])
})

test('what is missing is found', () => {
  const lacking = buildSchema(`
    "All." type Query {
      "Rides." rides("How many." first: Int, near: Near): [Float!]
      "Metres ridden." distance: Float
      "Of it. Seconds." time: Int
    }
    "A circle." input Near { radius: Float }
    enum Colour { RED }`)
  expect(undescribed(lacking)).toEqual(['Query.rides(near:)', 'Near.radius', 'Colour', 'Colour.RED'])
  expect(withoutUnit(lacking)).toEqual(['Query.rides', 'Query.time', 'Near.radius'])
})

/** The table of rules and the schema, field by field. */
import { isObjectType } from 'graphql'
import { expect, test } from 'vitest'
import { schema } from '#api/schema.ts'
import { ruleOf, rules } from './rules.ts'

const fields = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .filter(({ name }) => !name.startsWith('__'))
  .flatMap((type) => Object.keys(type.getFields()).map((field) => [type.name, field] as const))

test('every field of the schema has a rule of who may see it', () => {
  const without = fields
    .filter(([type, field]) => ruleOf(type, field) === undefined)
    .map(([type, field]) => `${type}.${field} has no rule: say in test/matrix/rules.ts who may see it.`)
  expect(without).toEqual([])
})

test('every rule is of a field that is there, and no field has two', () => {
  const ruled = Object.entries(rules).flatMap(([type, byRule]) =>
    Object.values(byRule).flatMap((names) => names.split(' ').map((field) => `${type}.${field}`)),
  )
  expect(ruled.toSorted()).toEqual(fields.map(([type, field]) => `${type}.${field}`).toSorted())
})

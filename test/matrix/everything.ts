/** All that can be asked of a type, read off the schema; and what was answered, field by field. */
import {
  type GraphQLField,
  type GraphQLOutputType,
  getNamedType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
} from 'graphql'
import { schema } from '#api/schema.ts'
import { ruleOf } from './rules.ts'

/** A selection of all fields below a type, but for those that lead back to a type on the way. */
export function everythingOf(type: GraphQLOutputType, above: readonly string[] = []): string {
  const named = getNamedType(type)
  if (!isObjectType(named)) return ''
  const fields = Object.values(named.getFields())
    .filter((field) => !above.includes(getNamedType(field.type).name))
    // What of a ride others are told by an error is asked by itself: it would take the rest with it.
    .filter((field) => !isErrorToOthers(named.name, field))
    // So is what has to be told more.
    .filter((field) => !field.args.some(isRequiredArgument))
    .map((field) => `${field.name} ${everythingOf(field.type, [...above, named.name])}`)
  return `{ ${fields.join(' ')} }`
}

/** What a ride's rider alone is told, and has no null to tell others. */
export function isErrorToOthers(
  type: string,
  { name, type: given }: GraphQLField<unknown, unknown>,
): boolean {
  return type === 'Ride' && isNonNullType(given) && ruleOf(type, name) === 'its rider alone'
}

export interface Answered {
  /** Such as `RideStreams.latitude`. */
  readonly type: string
  readonly field: string
  /** From the root of the answer. */
  readonly path: string
  /** As JSON, where the field is a leaf; else whether there is anything. */
  readonly value: string
}

/** What was answered for `everythingOf` this type. */
export function answeredIn(type: string, value: unknown, path = ''): Answered[] {
  const named = schema.getType(type)
  if (!isObjectType(named) || typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inside]) => {
    const field = named.getFields()[name]
    if (field === undefined) return []
    const here = `${path}/${name}`
    const behind = getNamedType(field.type)
    if (!isObjectType(behind) || inside === null) {
      return [{ type, field: name, path: here, value: JSON.stringify(inside) }]
    }
    const all: unknown[] = Array.isArray(inside) ? inside : [inside]
    const count = { type, field: name, path: here, value: `${all.length} of ${behind.name}` }
    return [count, ...all.flatMap((one, index) => answeredIn(behind.name, one, `${here}/${index}`))]
  })
}

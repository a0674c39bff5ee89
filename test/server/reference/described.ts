/** What of a schema lacks a description, and which numbers do not say what they are of. */
import { type GraphQLSchema, type GraphQLType, getNamedType, isEnumType } from 'graphql'

interface Described {
  readonly coordinate: string
  readonly description: string | null | undefined
  /** Of fields, arguments and fields of inputs. */
  readonly type?: GraphQLType
}

export function undescribed(schema: GraphQLSchema): string[] {
  return allOf(schema)
    .filter(({ description }) => !description?.trim())
    .map(({ coordinate }) => coordinate)
}

const numbers = ['Int', 'Float', 'Latitude', 'Longitude']

/**
 * A number is of something that is measured, and its unit is named in the first sentence; or it counts ("How many", "How often"); or
 * it stands for a place in an order ("version", "number"). There are no exceptions.
 */
const units =
  /\b(metres|kilometres|seconds|degrees|bytes|beats per minute|revolutions (of the crank )?per minute|watts|as a share)\b/i
const counts = /\bhow (many|often)\b/i
const places = /\b(version|number)\b/i

export function withoutUnit(schema: GraphQLSchema): string[] {
  return allOf(schema)
    .filter(({ type }) => type !== undefined && numbers.includes(getNamedType(type).name))
    .filter(({ description }) => {
      const [first = ''] = (description ?? '').split(/\.(?:\s|$)/)
      return ![units, counts, places].some((each) => each.test(first))
    })
    .map(({ coordinate }) => coordinate)
}

function allOf(schema: GraphQLSchema): Described[] {
  return Object.values(schema.getTypeMap())
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type): Described[] => {
      const itself = { coordinate: type.name, description: type.description }
      if (isEnumType(type)) {
        const values = type.getValues().map(({ name, description }) => ({
          coordinate: `${type.name}.${name}`,
          description,
        }))
        return [itself, ...values]
      }
      if (!('getFields' in type)) return [itself]
      const fields = Object.values(type.getFields()).flatMap((field): Described[] => {
        const coordinate = `${type.name}.${field.name}`
        const args = 'args' in field ? [...field.args] : []
        return [
          { coordinate, description: field.description, type: field.type },
          ...args.map(({ name, description, type }) => ({
            coordinate: `${coordinate}(${name}:)`,
            description,
            type,
          })),
        ]
      })
      return [itself, ...fields]
    })
}

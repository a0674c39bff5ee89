/**
 * Every place of the schema that a client can put a value in: each scalar and enum of each argument, inside inputs and lists too,
 * with an operation that leads there. Read off the schema, so that a new field is attacked without anybody's remembering.
 */
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql'

export interface Place {
  /** Such as `Mutation.startRide(input.title)`. */
  readonly name: string
  /** The scalar's or enum's. */
  readonly type: string
  readonly operation: 'query' | 'mutation' | 'subscription'
  readonly query: string
  /** The operation's variables, as a JSON value, with this value in this place. */
  variables(value: unknown): unknown
}

/** A value that a scalar takes, so that what is looked at is what the hostile one does. */
export type Valid = (type: string, name: string) => unknown

export function placesOf(schema: GraphQLSchema, valid: Valid): readonly Place[] {
  return reachableFields(schema).flatMap((reached) =>
    reached.field.args.flatMap((argument) => placesIn(argument, reached, valid)),
  )
}

export interface ReachedField {
  readonly operation: Place['operation']
  readonly parent: string
  /** From the root down to the field itself. */
  readonly path: readonly GraphQLField<unknown, unknown>[]
  readonly field: GraphQLField<unknown, unknown>
}

/** Each field of each type once, by the shortest way to it. Unions and interfaces are passed through by their members. */
export function reachableFields(schema: GraphQLSchema): readonly ReachedField[] {
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ] as const
  const reached: ReachedField[] = []
  const seen = new Set<string>()
  const next: { operation: Place['operation']; type: GraphQLNamedType; path: ReachedField['path'] }[] =
    roots.flatMap(([operation, type]) => (type == null ? [] : [{ operation, type, path: [] }]))
  for (const { operation, type, path } of next) {
    if (!isObjectType(type) || seen.has(type.name)) continue
    seen.add(type.name)
    for (const field of Object.values(type.getFields())) {
      const further = [...path, field]
      reached.push({ operation, parent: type.name, path: further, field })
      // Through a union the way is not one of fields alone: what is behind is reached by another.
      const behind = getNamedType(field.type)
      if (isObjectType(behind)) next.push({ operation, type: behind, path: further })
    }
  }
  return reached
}

function placesIn(argument: GraphQLArgument, reached: ReachedField, valid: Valid): Place[] {
  const { operation, parent, path, field } = reached
  const query = operationFor(argument, reached, valid)
  return leavesOf(argument.type, [argument.name], valid).map(({ keys, type, put }) => ({
    name: `${parent}.${field.name}(${keys.join('.')})`,
    type,
    operation,
    query,
    variables: (value) => ({ [variable]: put(value) }),
    path,
  }))
}

const variable = 'given'

function operationFor(argument: GraphQLArgument, { operation, path }: ReachedField, valid: Valid): string {
  const fields = path.map((field, index) => {
    const isLast = index === path.length - 1
    const given = field.args
      .filter((each) => (isLast && each === argument) || isRequiredArgument(each))
      .map(
        (each) =>
          `${each.name}: ${isLast && each === argument ? `$${variable}` : literal(validOf(each.type, each.name, valid), each.type)}`,
      )
    return given.length === 0 ? field.name : `${field.name}(${given.join(', ')})`
  })
  const leaf = isCompositeType(getNamedType(path.at(-1)?.type)) ? ' { __typename }' : ''
  return `${operation} ($${variable}: ${argument.type}) { ${fields.join(' { ')}${leaf}${' }'.repeat(fields.length)}`
}

interface Leaf {
  readonly keys: readonly string[]
  readonly type: string
  put(value: unknown): unknown
}

function leavesOf(type: GraphQLInputType, keys: readonly string[], valid: Valid): Leaf[] {
  const nullable = getNullableType(type)
  if (isListType(nullable)) {
    return leavesOf(nullable.ofType, [...keys, '0'], valid).map((leaf) => ({
      ...leaf,
      put: (value) => [leaf.put(value)],
    }))
  }
  if (!isInputObjectType(nullable)) return [{ keys, type: String(nullable), put: (value) => value }]
  return Object.values(nullable.getFields()).flatMap((field) =>
    leavesOf(field.type, [...keys, field.name], valid).map((leaf) => ({
      ...leaf,
      put: (value) => ({
        ...(validOf(nullable, keys.at(-1) ?? '', valid) as object),
        [field.name]: leaf.put(value),
      }),
    })),
  )
}

/** What is required of it, and no more. */
export function validOf(type: GraphQLInputType, name: string, valid: Valid): unknown {
  const nullable = getNullableType(type)
  if (isListType(nullable)) return [validOf(nullable.ofType, name, valid)]
  if (isEnumType(nullable)) return nullable.getValues()[0]?.name
  if (!isInputObjectType(nullable)) return valid(nullable.name, name)
  return Object.fromEntries(
    Object.values(nullable.getFields())
      .filter(isRequiredInputField)
      .map((field) => [field.name, validOf(field.type, field.name, valid)]),
  )
}

/** As it stands in a document. */
function literal(value: unknown, type: GraphQLInputType): string {
  const nullable = getNullableType(type)
  if (Array.isArray(value) && isListType(nullable))
    return `[${value.map((each) => literal(each, nullable.ofType))}]`
  if (isInputObjectType(nullable)) {
    const fields = nullable.getFields()
    const members = Object.entries(value as object).map(
      ([key, each]) => `${key}: ${literal(each, fields[key]!.type)}`,
    )
    return `{ ${members.join(', ')} }`
  }
  return isEnumType(nullable) ? String(value) : JSON.stringify(value)
}

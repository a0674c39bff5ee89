/** The schema in the order in which the reference shows it: operations by whom they are for, then types by what they are. */
import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isUnionType,
} from 'graphql'
import { type Subject, subjects } from './subjects.ts'

export type Kind = 'query' | 'mutation' | 'subscription'

export interface Operation {
  readonly kind: Kind
  /** `Mutation.startRide`, as the address of the page has it. */
  readonly coordinate: string
  readonly field: GraphQLField<unknown, unknown>
}

export interface Chapter extends Pick<Subject, 'id' | 'title' | 'about'> {
  readonly found: readonly Operation[]
}

export interface TypeGroup {
  readonly id: string
  readonly title: string
  readonly types: readonly GraphQLNamedType[]
}

export interface Outline {
  readonly chapters: readonly Chapter[]
  readonly groups: readonly TypeGroup[]
}

export function outlineOf(schema: GraphQLSchema): Outline {
  return { chapters: chaptersOf(schema), groups: groupsOf(schema) }
}

export function operationsOf(schema: GraphQLSchema): Operation[] {
  const roots = [
    { kind: 'query', root: schema.getQueryType() },
    { kind: 'mutation', root: schema.getMutationType() },
    { kind: 'subscription', root: schema.getSubscriptionType() },
  ] as const
  return roots.flatMap(({ kind, root }) =>
    Object.values(root?.getFields() ?? {}).map((field) => ({
      kind,
      field,
      coordinate: `${root?.name}.${field.name}`,
    })),
  )
}

function chaptersOf(schema: GraphQLSchema): Chapter[] {
  const waiting = new Map(operationsOf(schema).map((operation) => [operation.field.name, operation]))
  const chapters = subjects.map(({ operations, ...subject }) => ({
    ...subject,
    found: operations.flatMap((name) => {
      const operation = waiting.get(name)
      waiting.delete(name)
      return operation === undefined ? [] : [operation]
    }),
  }))
  if (waiting.size === 0) return chapters
  const others = { id: 'others', title: 'Others', about: 'What belongs to none of these.' }
  return [...chapters, { ...others, found: [...waiting.values()] }]
}

function groupsOf(schema: GraphQLSchema): TypeGroup[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  const types = Object.values(schema.getTypeMap())
    .filter((type) => !type.name.startsWith('__') && !roots.some((root) => root === type))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
  const answers = new Set<GraphQLNamedType>(
    types.filter(isUnionType).flatMap((union) => union.getTypes().filter((member) => !isError(member))),
  )
  const groups: TypeGroup[] = [
    {
      id: 'objects',
      title: 'Objects',
      types: types.filter((type) => isObjectType(type) && !isError(type) && !answers.has(type)),
    },
    { id: 'inputs', title: 'Inputs', types: types.filter(isInputObjectType) },
    { id: 'enums', title: 'Enums', types: types.filter(isEnumType) },
    { id: 'scalars', title: 'Scalars', types: types.filter(isScalarType) },
    { id: 'errors', title: 'Errors', types: types.filter((type) => isInterfaceType(type) || isError(type)) },
    { id: 'answers', title: 'Answers of mutations', types: [...answers] },
    { id: 'results', title: 'Results of mutations', types: types.filter(isUnionType) },
  ]
  return groups.filter((group) => group.types.length > 0)
}

export function isError(type: GraphQLNamedType): boolean {
  return isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Error')
}

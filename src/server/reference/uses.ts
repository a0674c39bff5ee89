/** Where each type is used: fields and arguments that are of it, by their coordinates. */
import { type GraphQLSchema, type GraphQLType, getNamedType, isUnionType } from 'graphql'

export function usesIn(schema: GraphQLSchema): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>()
  const note = (type: GraphQLType, coordinate: string) => {
    const { name } = getNamedType(type)
    found.set(name, (found.get(name) ?? new Set()).add(coordinate))
  }
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue
    if (isUnionType(type)) for (const member of type.getTypes()) note(member, type.name)
    if (!('getFields' in type)) continue
    for (const field of Object.values(type.getFields())) {
      const coordinate = `${type.name}.${field.name}`
      note(field.type, coordinate)
      if (!('args' in field)) continue
      for (const arg of field.args) note(arg.type, `${coordinate}.${arg.name}`)
    }
  }
  return new Map([...found].map(([name, coordinates]) => [name, [...coordinates].sort()]))
}

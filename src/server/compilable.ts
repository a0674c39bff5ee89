/** Which operations graphql-jit compiles to what they are, and at a price that is known. */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql'

/**
 * Not several mutations: the first that faults keeps the later ones from being carried out, and compiled they would be. Not a
 * subscription, whose variables it does not coerce. Not what has a variable within an object or list: of one that is not given
 * it makes null, and null clears. Not what is taken in or left out by a condition: where the same field or fragment stands twice
 * it takes in too much or too little. Not what asks for the schema, which is not quite the same there.
 */
export function mayBeCompiled(
  { operation, selectionSet: { selections } }: OperationDefinitionNode,
  document: DocumentNode,
): boolean {
  if (operation === 'subscription') return false
  if (operation === 'mutation' && (selections.length > 1 || selections[0]?.kind !== Kind.FIELD)) return false
  let may = true
  let depth = 0
  const within = { enter: () => void depth++, leave: () => void depth-- }
  visit(document, {
    ObjectValue: within,
    ListValue: within,
    Variable() {
      if (depth > 0) may = false
    },
    Directive() {
      may = false
    },
    Field({ name }) {
      if (name.value === '__schema' || name.value === '__type') may = false
    },
  })
  return may
}

/** Counts each fragment as often as it is spread, and no further than needed. The document is valid: none spreads itself. */
export function hasMoreFieldsThan(
  most: number,
  { selectionSet }: OperationDefinitionNode,
  { definitions }: DocumentNode,
): boolean {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  let left = most

  function count(set: SelectionSetNode | undefined): void {
    for (const selection of set?.selections ?? []) {
      // A fragment counts too: one that holds nothing but others is walked through all the same.
      if (left-- <= 0) return
      count(
        selection.kind === Kind.FRAGMENT_SPREAD
          ? fragments.get(selection.name.value)?.selectionSet
          : selection.selectionSet,
      )
    }
  }
  count(selectionSet)
  return left < 0
}

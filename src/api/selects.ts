/** What the rest of an operation asks for, so that it can be read together with what stands before it. */
import type { GraphQLResolveInfo, SelectionSetNode } from 'graphql'

/** Whether a field of that name is selected anywhere below; also where a directive may leave it out after all. */
export function selects(info: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>, name: string): boolean {
  return info.fieldNodes.some(({ selectionSet }) => isIn(selectionSet, name, info.fragments))
}

function isIn(
  selected: SelectionSetNode | undefined,
  name: string,
  fragments: GraphQLResolveInfo['fragments'],
): boolean {
  return (
    selected?.selections.some((each) => {
      switch (each.kind) {
        case 'Field':
          return each.name.value === name || isIn(each.selectionSet, name, fragments)
        case 'InlineFragment':
          return isIn(each.selectionSet, name, fragments)
        case 'FragmentSpread':
          // A valid operation has no fragment in itself.
          return isIn(fragments[each.name.value]?.selectionSet, name, fragments)
        default:
          return each satisfies never
      }
    }) ?? false
  )
}

/** Which thumbnails the rest of an operation asks for, so that they are read together with what stands before. */
import { GraphQLFloat, type GraphQLResolveInfo, type SelectionSetNode, valueFromAST } from 'graphql'
import { thumbnailTolerances } from '#projections/routes.ts'
import type { ThumbnailTolerance } from './route-row.ts'

/** The coarsest thumbnail that is fine enough, where there is one. */
export function thumbnailFor(tolerance: number): ThumbnailTolerance | undefined {
  return thumbnailTolerances.findLast((each) => each <= tolerance)
}

type Asking = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'variableValues'>

/** In ascending order; also those that a directive leaves out after all. */
export function askedThumbnails({ fieldNodes, fragments, variableValues }: Asking): ThumbnailTolerance[] {
  const asked = new Set<ThumbnailTolerance>()
  for (const { selectionSet } of fieldNodes) look(selectionSet)
  return thumbnailTolerances.filter((tolerance) => asked.has(tolerance))

  function look(selected: SelectionSetNode | undefined): void {
    for (const each of selected?.selections ?? []) {
      if (each.kind === 'FragmentSpread') look(fragments[each.name.value]?.selectionSet)
      else if (each.kind === 'Field' && each.name.value === 'polylines') {
        const given = each.arguments?.find(({ name }) => name.value === 'tolerance')?.value
        const tolerance: unknown = given && valueFromAST(given, GraphQLFloat, variableValues)
        const thumbnail = typeof tolerance === 'number' ? thumbnailFor(tolerance) : undefined
        if (thumbnail !== undefined) asked.add(thumbnail)
      } else look(each.selectionSet)
    }
  }
}

/** What the rest of an operation asks of a list's rides, so that it is read with them, and no more. */
import {
  type FieldNode,
  GraphQLFloat,
  type GraphQLResolveInfo,
  type SelectionSetNode,
  valueFromAST,
} from 'graphql'
import { thumbnailTolerances } from '#projections/routes.ts'
import type { ThumbnailTolerance } from './route-row.ts'

/** The coarsest thumbnail that is fine enough, where there is one. */
export function thumbnailFor(tolerance: number): ThumbnailTolerance | undefined {
  return thumbnailTolerances.findLast((each) => each <= tolerance)
}

/** What of a ride weighs, and is often not asked for. */
export interface RideParts {
  readonly latestPosition: boolean
  /** What its share links are; nobody is shown them, but by them the ride. */
  readonly shares: boolean
  /** Of its route: where it lies, and what is not in it. */
  readonly routeDetails: boolean
  /** In ascending order. */
  readonly thumbnails: readonly ThumbnailTolerance[]
}

/** All that is in a ride's own row. */
export const wholeRide: RideParts = {
  latestPosition: true,
  shares: false,
  routeDetails: true,
  thumbnails: [],
}

type Asking = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'variableValues'>

/** Also what a directive leaves out after all. */
export function askedParts({ fieldNodes, fragments, variableValues }: Asking): RideParts {
  const thumbnails = new Set<ThumbnailTolerance>()
  let latestPosition = false
  let routeDetails = false
  /** By name: each is looked at once, however often it is spread. */
  const seen = new Set<string>()
  for (const { selectionSet } of fieldNodes) look(selectionSet)
  return {
    latestPosition,
    shares: false,
    routeDetails,
    thumbnails: thumbnailTolerances.filter((tolerance) => thumbnails.has(tolerance)),
  }

  function look(selected: SelectionSetNode | undefined): void {
    for (const each of selected?.selections ?? []) {
      if (each.kind === 'FragmentSpread') spread(each.name.value)
      else if (each.kind === 'InlineFragment') look(each.selectionSet)
      else take(each)
    }
  }

  function spread(name: string): void {
    if (seen.has(name)) return
    seen.add(name)
    look(fragments[name]?.selectionSet)
  }

  function take(field: FieldNode): void {
    switch (field.name.value) {
      case 'latestPosition':
        latestPosition = true
        return
      case 'boundingBox':
      case 'excluded':
        routeDetails = true
        return
      case 'polylines':
        polylines(field)
        return
      default:
        look(field.selectionSet)
    }
  }

  function polylines({ arguments: given }: FieldNode): void {
    const tolerance = given?.find(({ name }) => name.value === 'tolerance')?.value
    const metres: unknown = tolerance && valueFromAST(tolerance, GraphQLFloat, variableValues)
    const thumbnail = typeof metres === 'number' ? thumbnailFor(metres) : undefined
    if (thumbnail !== undefined) thumbnails.add(thumbnail)
  }
}

/**
 * What a field costs that says nothing else: an object 1, what is in a list as often as the list may be long; names, numbers and
 * texts come with their object. What takes more to make says so where it is defined (`complexity`).
 */
import type { FieldComplexityValue } from '@pothos/plugin-complexity'
import { type GraphQLOutputType, getNamedType, isLeafType, isListType, isNonNullType } from 'graphql'

/** Of lists whose length nobody asked for. */
const itemsOfList = 10
/** Unless asked, as the contract has it. */
const itemsOfPage = 20
/** More is refused by whoever makes the list, with a better sentence. */
const mostItems = 1_000

export function fieldCost(
  given: Readonly<Record<string, unknown>>,
  _: unknown,
  { type, args }: Asked,
): FieldComplexityValue {
  if (isLeafType(getNamedType(type))) return 0
  if (isPage(args)) return costOfPage(given)
  return { field: 1, multiplier: isList(type) ? itemsOfList : 1 }
}

/** Of what a field says that it costs (`said`): whether its arguments have to do with it. */
export function dependsOnArguments(said: unknown, { args }: Pick<Asked, 'args'>): boolean {
  return said !== fieldCost || isPage(args)
}

function isPage(args: Asked['args']): boolean {
  return args.some(({ name }) => name === 'first')
}

export function costOfPage({ first, last }: Readonly<Record<string, unknown>>) {
  return { field: 1, multiplier: sizeOf(first) ?? sizeOf(last) ?? itemsOfPage }
}

interface Asked {
  readonly type: GraphQLOutputType
  readonly args: readonly { readonly name: string }[]
}

/** What is made of a whole ride, for this one alone: each takes some milliseconds, and up to a megabyte. */
export const costOfTrack = 10

/** Its page has counted it already. */
export const costsNothing = { field: 0, multiplier: 1 } as const

export const ofItsPage = { field: 1, multiplier: 1 } as const

function sizeOf(asked: unknown): number | undefined {
  return typeof asked === 'number' ? Math.min(Math.max(asked, 0), mostItems) : undefined
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type)
}

/**
 * What a page of rides costs beside its rides, and what it costs to count them: neither depends on how long the page is. The
 * figures are of 100,000 rides around one place, in units of some milliseconds: to count those near it takes 1.2 s of a connection
 * of the database, a page of them 0.1 s. With LIMIT_COST under way one credential has two such counts at a time: of six
 * connections four are left to others.
 */
import type { FieldComplexityValue } from '@pothos/plugin-complexity'
import { costOfPage } from './field-cost.ts'

type Arguments = Readonly<Record<string, unknown>>

/** What is asked for has to be looked for. */
const costOfFilter = 20
/** Routes are compared with places. */
const costOfArea = 500

const costOfPlainCount = 50
const costOfFoundCount = 250
const costOfAreaCount = 1_500

export function ridesCost(args: Arguments): FieldComplexityValue {
  const { field, multiplier } = costOfPage(args)
  const search = { nothing: 0, filter: costOfFilter, area: costOfArea }[kindOf(args)]
  return { field: field + search, multiplier }
}

/** Once for both of the fields that say it. */
export function costOfCount(args: Arguments): number {
  return { nothing: costOfPlainCount, filter: costOfFoundCount, area: costOfAreaCount }[kindOf(args)]
}

/** Of a filter as it came: a variable may be anything. */
function kindOf({ filter }: Arguments): 'nothing' | 'filter' | 'area' {
  if (typeof filter !== 'object' || filter === null) return 'nothing'
  const asked = new Map<string, unknown>(Object.entries(filter))
  if (asked.get('near') != null || asked.get('within') != null) return 'area'
  return [...asked.values()].some((each) => each != null) ? 'filter' : 'nothing'
}

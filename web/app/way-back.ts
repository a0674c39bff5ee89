/** The history as it was when a ride of it was opened: what was looked for, and where the map was. Going back goes there. */
import type { HistorySearch } from '../history/search.ts'
import type { Cell } from '../state/cell.ts'
import type { Search } from './search.ts'

export interface LeftHistory {
  /** The path of the ride that was opened. */
  readonly to: string
  readonly search: HistorySearch & Search
}

export type WayBack = Cell<LeftHistory | null>

/** Empty where the ride of this path was not opened from the history. */
export function searchOnReturn(left: LeftHistory | null, path: string): LeftHistory['search'] {
  return left?.to === path ? left.search : {}
}

/** The rides that are looked for, in the list and on the map, and which of them stands out in both. */
import { useRef, useState } from 'react'
import { createCell } from '../state/cell.ts'
import { useCell } from '../state/use-cell.ts'
import { type HistoryList, type HistoryListState, ridesToCome } from './history-list.ts'
import type { HistorySearch } from './search.ts'
import { useHistoryList } from './use-history.ts'
import { useHistoryScene } from './use-history-scene.ts'

export interface ShownRides {
  /** Null until it is known whose rides to ask for. */
  readonly list: HistoryList | null
  readonly state: HistoryListState
  /** What is in sight; null: nothing yet. */
  readonly shown: { readonly list: HistoryList; readonly state: HistoryListState } | null
  /** Which of them stands out. */
  readonly highlighted: string | null
  /** The one whose route the pointer is over, on the map. */
  readonly pointed: string | null
  readonly highlight: (rideId: string | null) => void
}

const noList = createCell(ridesToCome)

export function useShownRides(search: HistorySearch): ShownRides {
  const list = useHistoryList(search)
  const state = useCell(list?.state ?? noList)
  const shown = useLastShown(list, state)
  const [highlighted, highlight] = useState<string | null>(null)
  const found = state.status === 'ready' ? (list?.key ?? null) : null
  const pointed = useHistoryScene(shown?.state.rides ?? ridesToCome.rides, found, search, highlighted)
  return { list, state, shown, highlighted: pointed ?? highlighted, pointed, highlight }
}

/** While another list is being read the last one stays, paler: nothing flickers while one types. */
function useLastShown(list: HistoryList | null, state: HistoryListState): ShownRides['shown'] {
  const last = useRef<ShownRides['shown']>(null)
  if (list !== null && state.status === 'ready') last.current = { list, state }
  if (state.status === 'failed') last.current = null
  return last.current
}

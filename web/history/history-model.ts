/** What the history keeps while other pages are shown: who looks, the lists that he looked at lately, and how far he had come in them. */
import type { Server } from '../graphql/client.ts'
import { type Cell, createCell } from '../state/cell.ts'
import { createHistoryList, type HistoryList, keyOf } from './history-list.ts'
import type { RideFilter, RideOrder } from './ride-filter.ts'

export interface HistoryModel {
  /** Null: nobody is signed in; undefined until it is known. Signing in loads the page anew. */
  readonly viewerId: Cell<string | null | undefined>
  /** It was asked who looks, and no answer came. It is asked again. */
  readonly isViewerUnanswered: Cell<boolean>
  listOf(asked: { readonly filter: RideFilter | null; readonly order: RideOrder }): HistoryList
  /** Pixels, by the entry of the browser's history. */
  readonly places: Map<string, number>
}

/** Going back through what was looked for lately shows it at once. */
const mostLists = 8

const models = new WeakMap<Server, HistoryModel>()

export function historyModelOf(server: Server): HistoryModel {
  let model = models.get(server)
  if (model === undefined) {
    model = createHistoryModel(server)
    models.set(server, model)
  }
  return model
}

function createHistoryModel(server: Server): HistoryModel {
  /** The one that was looked at last is last. */
  const lists = new Map<string, HistoryList>()
  return {
    viewerId: createCell<string | null | undefined>(undefined),
    isViewerUnanswered: createCell(false),
    places: new Map(),
    listOf(asked) {
      const key = keyOf(asked)
      const list = lists.get(key) ?? createHistoryList(server, asked)
      lists.delete(key)
      lists.set(key, list)
      const [oldest] = lists.keys()
      if (lists.size > mostLists && oldest !== undefined) lists.delete(oldest)
      return list
    },
  }
}

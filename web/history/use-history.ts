/** The search that the address says, and the rides that it finds. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo } from 'react'
import { useApp } from '../app/app.ts'
import { insist } from '../graphql/insist.ts'
import { onLook } from '../state/looks.ts'
import { useCell } from '../state/use-cell.ts'
import type { HistorySearchChange } from './chips.ts'
import { historyViewerQuery } from './documents.ts'
import type { HistoryList } from './history-list.ts'
import { historyModelOf } from './history-model.ts'
import { filterOf, orderOf } from './ride-filter.ts'
import { type HistorySearch, present, validateHistorySearch, wantedOf } from './search.ts'

export function useHistorySearch(): HistorySearch {
  const said = useSearch({ from: '/history' })
  // The router leaves in what is not valid, beneath what is.
  return useMemo(() => validateHistorySearch({ ...said }), [said])
}

/** @returns changes what the address says. `isTyped`: in place, so that going back does not go through every letter. */
export function useChangeSearch(): (change: HistorySearchChange, options?: { isTyped?: boolean }) => void {
  const navigate = useNavigate({ from: '/history' })
  return useCallback(
    (change, { isTyped = false } = {}) => {
      void navigate({ to: '.', search: (now) => present({ ...now, ...change }), replace: isTyped })
    },
    [navigate],
  )
}

/** Undefined until it is known. */
export function useViewerId(): string | null | undefined {
  const { server } = useApp()
  const { viewerId, isViewerUnanswered } = historyModelOf(server)
  const known = useCell(viewerId)
  useEffect(() => {
    if (viewerId.get() !== undefined) return
    const leaving = new AbortController()
    const onFailure = () => isViewerUnanswered.set(true)
    void insist(server, historyViewerQuery, {}, leaving.signal, onFailure).then((answer) => {
      isViewerUnanswered.set(false)
      viewerId.set(answer.ok ? (answer.data.viewer?.id ?? null) : null)
    })
    return () => leaving.abort()
  }, [server, viewerId, isViewerUnanswered])
  return known
}

/** Null until it is known whose rides to ask for. */
export function useHistoryList(search: HistorySearch): HistoryList | null {
  const { server } = useApp()
  const viewerId = useViewerId()
  const wanted = JSON.stringify(wantedOf(search))
  const order = orderOf(search.sort)
  const list = useMemo(
    () =>
      viewerId === undefined
        ? null
        : historyModelOf(server).listOf({ filter: filterOf(JSON.parse(wanted), viewerId), order }),
    [server, viewerId, wanted, order],
  )
  useEffect(() => {
    if (list === null) return
    // What was left is shown as it was, and asked for again.
    if (list.state.get().status === 'ready') void list.reload()
    return onLook(() => void list.reload())
  }, [list])
  return list
}

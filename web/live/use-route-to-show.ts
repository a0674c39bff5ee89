/**
 * Which route of a ride that is over the map shows among those in progress: that of the chosen ride. Where nothing is in progress, so
 * that the map shows something: of the ride that was watched until it ended, else of the newest.
 */
import { useEffect, useState } from 'react'
import { useApp } from '../app/app.ts'
import type { RideSummary } from '../rides/documents.ts'
import { useCell } from '../state/use-cell.ts'
import { findOver, type Latest } from './latest.ts'
import type { LiveBoard } from './live-board.ts'
import { useOverRoute } from './use-over-route.ts'

export function useRouteToShow(chosen: string | null, isFollowing: boolean): void {
  const { live } = useApp()
  useCell(live.listRevision)
  const latest = useCell(live.latest.latest)
  const board = live.board.get()
  const [watched, watch] = useState<string | null>(null)
  const only = board?.size === 1 ? ([...board.keys()][0] ?? null) : null
  useEffect(() => {
    if (only !== null) watch(only)
  }, [only])
  useOverRoute(routeOf(board, latest, chosen, watched), isFollowing)
}

function routeOf(
  board: LiveBoard | null,
  latest: Latest,
  chosen: string | null,
  watched: string | null,
): RideSummary | null {
  if (board === null || (chosen !== null && board.has(chosen))) return null
  const ofChosen = chosen === null ? undefined : findOver(latest, chosen)
  if (ofChosen !== undefined) return ofChosen
  if (board.size > 0) return null
  // What was watched is waited for until it is finished.
  const ofWatched = watched === null ? undefined : findOver(latest, watched)
  if (ofWatched !== undefined) return ofWatched
  return latest.newest.find(({ id, status }) => status === 'FINISHED' && !board.has(id)) ?? null
}

/**
 * The rides as rows, of which only those in sight are in the page: a thousand scroll as thirty do. More are loaded before one
 * comes to the end, and by a button for who has no scrolling.
 */
import { useLocation } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useApp } from '../app/app.ts'
import type { HistoryList, HistoryListState } from './history-list.ts'
import { historyModelOf } from './history-model.ts'
import { HistoryRow, rowHeight } from './ride-row.tsx'

/** Rows beyond what is in sight, so that none is missing while one scrolls. */
const overscan = 8
/** Pixels before the end at which more is loaded. */
const ahead = '1200px'

export function RideRows({
  list,
  state,
  viewerId,
  highlighted,
  pointedOnMap,
  highlight,
}: {
  list: HistoryList
  state: HistoryListState
  viewerId: string | null
  highlighted: string | null
  /** The ride of which the map shows that the pointer is over it. */
  pointedOnMap: string | null
  highlight: (rideId: string | null) => void
}) {
  const { rides, hasMore, more } = state
  const rows = useRef<HTMLUListElement>(null)
  const end = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  const virtualizer = useVirtualizer({
    count: rides.length,
    getScrollElement: panel,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rides[index]?.id ?? index,
    overscan,
    scrollMargin: top,
  })

  // What stands above the rows grows and shrinks.
  useLayoutEffect(() => {
    const now = rows.current?.offsetTop ?? 0
    if (now !== top) setTop(now)
  })
  usePlace(rides.length > 0)

  const loadMore = useCallback(() => void list.loadMore(), [list])
  const isIdle = hasMore && more === 'idle'
  useEffect(() => {
    if (end.current === null || !isIdle) return
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) loadMore()
      },
      { root: panel(), rootMargin: `0px 0px ${ahead} 0px` },
    )
    observer.observe(end.current)
    return () => observer.disconnect()
    // After each page it is looked anew whether the end is near: while it stays so an observer says nothing.
  }, [isIdle, loadMore])

  const index = pointedOnMap === null ? -1 : rides.findIndex(({ id }) => id === pointedOnMap)
  useEffect(() => {
    if (index < 0) return
    // Not for each route that the pointer crosses on its way.
    const timer = setTimeout(() => virtualizer.scrollToIndex(index, { align: 'auto' }), 150)
    return () => clearTimeout(timer)
  }, [index, virtualizer])

  return (
    <>
      <ul className="history-rows" ref={rows} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ key, index, start }) => {
          const ride = rides[index]
          if (ride === undefined) return null
          return (
            <li
              key={key}
              className="history-item"
              aria-setsize={hasMore ? -1 : rides.length}
              aria-posinset={index + 1}
              style={{ transform: `translateY(${start - top}px)` }}
            >
              <HistoryRow
                ride={ride}
                isViewers={ride.rider.id === viewerId}
                isHighlighted={ride.id === highlighted}
                highlight={highlight}
              />
            </li>
          )
        })}
      </ul>
      {hasMore && (
        <div className="more" ref={end}>
          {more === 'failed' && <p role="alert">The server did not answer.</p>}
          <button type="button" className="button" aria-disabled={more === 'loading'} onClick={loadMore}>
            {more === 'loading' ? 'Loading…' : more === 'failed' ? 'Try again' : 'Show more'}
          </button>
        </div>
      )}
    </>
  )
}

/** What scrolls. */
function panel(): HTMLElement | null {
  return document.getElementById('panel')
}

/** Whoever comes back finds the list where he left it; whoever comes anew finds its beginning. */
function usePlace(isShown: boolean): void {
  const { server } = useApp()
  const { places } = historyModelOf(server)
  const entry = useLocation({ select: ({ state }) => state.__TSR_key ?? '' })
  const now = useRef(entry)
  now.current = entry
  const isSet = useRef(false)

  useLayoutEffect(() => {
    const element = panel()
    if (element === null || !isShown || isSet.current) return
    isSet.current = true
    element.scrollTop = places.get(now.current) ?? 0
  }, [isShown, places])

  useEffect(() => {
    const element = panel()
    if (element === null) return
    const keep = () => {
      if (isSet.current) places.set(now.current, element.scrollTop)
    }
    element.addEventListener('scroll', keep, { passive: true })
    return () => element.removeEventListener('scroll', keep)
  }, [places])
}

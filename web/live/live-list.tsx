/**
 * The rides that are listed, however many: only those in sight are in the page. It is one stop of the key Tab; the arrows go from
 * row to row.
 */
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from 'react'
import { useApp } from '../app/app.ts'
import { useCell } from '../state/use-cell.ts'
import { findOver } from './latest.ts'
import { LiveRow } from './live-row.tsx'
import { useSteadyOrder } from './use-steady-order.ts'

/** Until a row is measured. */
const rowPx = 84

export interface LiveListProps {
  wanted: readonly string[]
  /** Of what is listed. */
  filterKey: string
  chosen: string | null
  onChoose(rideId: string): void
}

export function LiveList({ wanted, filterKey, chosen, onChoose }: LiveListProps) {
  const { live } = useApp()
  const latest = useCell(live.latest.latest)
  const hintId = useId()
  const list = useRef<HTMLUListElement>(null)
  const [offset, setOffset] = useState(0)
  const [focused, setFocused] = useState<{ rideId: string; count: number } | null>(null)
  const { ids, pointerProps } = useSteadyOrder(wanted, filterKey)
  const current = currentOf(ids, focused?.rideId ?? null, chosen)

  const rows = useVirtualizer<HTMLElement, HTMLLIElement>({
    count: ids.length,
    getScrollElement: () => document.getElementById('panel'),
    estimateSize: () => rowPx,
    getItemKey: (index) => ids[index] ?? index,
    overscan: 4,
    scrollMargin: offset,
    // Where the focus is stays in the page, though it was scrolled out of sight.
    rangeExtractor: (range) => {
      const inSight = defaultRangeExtractor(range)
      return inSight.includes(current) || current < 0 ? inSight : [...inSight, current].sort((a, b) => a - b)
    },
  })

  // What stands above the list may become higher.
  useLayoutEffect(() => {
    const top = list.current?.offsetTop ?? 0
    if (top !== offset) setOffset(top)
  })

  function onKeyDown(event: KeyboardEvent): void {
    const to = steps[event.key]?.(current, ids.length)
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    const index = Math.max(0, Math.min(ids.length - 1, to))
    const rideId = ids[index]
    if (rideId === undefined) return
    rows.scrollToIndex(index)
    setFocused((before) => ({ rideId, count: (before?.count ?? 0) + 1 }))
  }

  return (
    <>
      <p className="visually-hidden" id={hintId}>
        The arrow keys go from ride to ride.
      </p>
      <ul
        ref={list}
        className="live-rows"
        aria-label="Rides in progress"
        aria-describedby={hintId}
        style={{ height: rows.getTotalSize() }}
        onKeyDown={onKeyDown}
        {...pointerProps}
      >
        {rows.getVirtualItems().map(({ index, start }) => {
          const rideId = ids[index]
          if (rideId === undefined) return null
          return (
            <li
              key={rideId}
              ref={rows.measureElement}
              data-index={index}
              aria-setsize={ids.length}
              aria-posinset={index + 1}
              style={{ transform: `translateY(${start - offset}px)` }}
            >
              <LiveRow
                rideId={rideId}
                over={findOver(latest, rideId)}
                departed={live.departed(rideId)}
                isChosen={rideId === chosen}
                isCurrent={index === current}
                focusCount={focused?.rideId === rideId ? focused.count : 0}
                onChoose={onChoose}
              />
            </li>
          )
        })}
      </ul>
    </>
  )
}

const page = 8
const steps: Readonly<Record<string, (from: number, count: number) => number>> = {
  ArrowDown: (from) => from + 1,
  ArrowUp: (from) => from - 1,
  PageDown: (from) => from + page,
  PageUp: (from) => from - page,
  Home: () => 0,
  End: (_, count) => count - 1,
}

/** The row that one last went to by key, else the chosen one, else the first. */
function currentOf(ids: readonly string[], focused: string | null, chosen: string | null): number {
  for (const rideId of [focused, chosen]) {
    const index = rideId === null ? -1 : ids.indexOf(rideId)
    if (index >= 0) return index
  }
  return ids.length > 0 ? 0 : -1
}

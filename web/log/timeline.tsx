/** The events of a stream, one below the other: as many as are in sight, however many there are. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import type { StreamEvent } from './documents.ts'
import { EventType } from './event-type.tsx'
import { LogTime } from './log-time.tsx'
import { bytesOf, countOf, wholeNumber } from './log-words.ts'
import { delayOf, gapBefore, versionBy } from './timeline-rows.ts'
import { useStreamEvents } from './use-stream-events.ts'

/** As in styles/log.css. */
const rowHeight = 60

export function Timeline({
  name,
  newest,
  selected,
  select,
}: {
  name: string
  /** The version of the newest event. */
  newest: number
  selected: number | null
  select: (version: number) => void
}) {
  const place = useRef<HTMLDivElement>(null)
  const events = useStreamEvents(name, newest)
  const virtualizer = useVirtualizer({
    count: newest,
    getScrollElement: () => place.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  })
  const items = virtualizer.getVirtualItems()
  const [first, last] = [items[0]?.index, items.at(-1)?.index]
  const { show } = events
  useEffect(() => {
    // One before the first: from it the time is counted.
    if (first !== undefined && last !== undefined) show(Math.max(0, first - 1), last)
  }, [show, first, last])
  useEffect(() => {
    if (selected !== null && selected <= newest) virtualizer.scrollToIndex(selected - 1, { align: 'auto' })
  }, [virtualizer, selected, newest])

  function move(event: KeyboardEvent): void {
    const version = versionBy(event.key, selected, newest)
    if (version === undefined || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    select(version)
  }

  return (
    <div
      className="timeline"
      role="listbox"
      aria-label="Events"
      aria-activedescendant={selected === null ? undefined : rowId(selected)}
      tabIndex={0}
      ref={place}
      onKeyDown={move}
    >
      <div className="timeline-rows" role="presentation" style={{ height: virtualizer.getTotalSize() }}>
        {items.map(({ index, start }) => (
          <div
            key={index}
            className="timeline-place"
            role="presentation"
            style={{ transform: `translateY(${start}px)` }}
          >
            <Row
              version={index + 1}
              newest={newest}
              event={events.eventAt(index + 1)}
              previous={events.eventAt(index)}
              isSelected={selected === index + 1}
              select={select}
            />
          </div>
        ))}
      </div>
    </div>
  )
}

function Row({
  version,
  newest,
  event,
  previous,
  isSelected,
  select,
}: {
  version: number
  newest: number
  /** Undefined: to come. */
  event: StreamEvent | undefined
  previous: StreamEvent | undefined
  isSelected: boolean
  select: (version: number) => void
}) {
  const gap = event && gapBefore(previous, event)
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, and says which of them is meant.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list hears the keys.
    <div
      id={rowId(version)}
      className="timeline-row"
      role="option"
      aria-selected={isSelected}
      aria-posinset={version}
      aria-setsize={newest}
      data-gap={gap?.size}
      onClick={() => select(version)}
    >
      <span className="timeline-gap">{gap?.words}</span>
      {event !== undefined && (
        <>
          <span className="timeline-main">
            <EventType type={event.type} />
            <span className="timeline-version">{wholeNumber(version)}</span>
          </span>
          <span className="timeline-more">
            <LogTime instant={event.recordedAt} now={Date.now()} />
            {event.positionCount !== null && ` · ${countOf(event.positionCount, 'position')}`}
            {` · ${bytesOf(event.bytes)}`}
            <span className="timeline-delay" title="How long after it happened it was recorded">
              {delayed(event)}
            </span>
          </span>
        </>
      )}
    </div>
  )
}

function delayed(event: StreamEvent): string {
  const words = delayOf(event)
  return words === null ? '' : ` · ${words}`
}

function rowId(version: number): string {
  return `event-${version}`
}

/** Bars side by side, each a link; arrow keys go from one to the next, and each says in words what it stands for. */
import { Link } from '@tanstack/react-router'
import { type KeyboardEvent, useRef, useState } from 'react'
import type { HistorySearch } from './search.ts'

export interface Bar {
  readonly key: string
  /** Under it; empty where there is no room for each. */
  readonly label: string
  readonly title: string
  readonly words: string
  readonly value: number
  /** What one comes to with it. */
  readonly search: HistorySearch
}

export function Bars({
  label,
  bars,
  ticks,
  unit,
}: {
  label: string
  bars: readonly Bar[]
  ticks: readonly number[]
  unit: string
}) {
  const [current, setCurrent] = useState(bars.length - 1)
  const [shown, setShown] = useState<number | null>(null)
  const list = useRef<HTMLUListElement>(null)
  const top = ticks.at(-1) ?? 1
  const share = (value: number) => `${(100 * value) / top}%`
  const tip = shown === null ? undefined : bars[shown]
  const reachable = Math.min(current, bars.length - 1)

  function go(event: KeyboardEvent): void {
    const next = nextBar(event.key, reachable, bars.length)
    if (next === null) return
    event.preventDefault()
    setCurrent(next)
    list.current?.querySelectorAll('a')[next]?.focus()
  }

  return (
    <figure className="bars" aria-label={label}>
      <div className="bars-plot">
        {ticks.map((tick) => (
          <span key={tick} className="bars-tick" style={{ bottom: share(tick) }} aria-hidden="true">
            <span className="bars-tick-label">
              {tick.toLocaleString('en-GB')}
              {tick === top && unit !== '' ? ` ${unit}` : ''}
            </span>
          </span>
        ))}
        <ul className="bars-list" ref={list} onKeyDown={go}>
          {bars.map((bar, index) => (
            <li key={bar.key} className="bars-item">
              <Link
                to="/history"
                search={bar.search}
                className="bar-link"
                tabIndex={index === reachable ? 0 : -1}
                aria-label={`${bar.title}: ${bar.words}`}
                onMouseEnter={() => setShown(index)}
                onMouseLeave={() => setShown(null)}
                onFocus={() => {
                  setCurrent(index)
                  setShown(index)
                }}
                onBlur={() => setShown(null)}
              >
                <span className="bar-fill" style={{ height: share(bar.value) }} />
              </Link>
              <span className="bar-label" aria-hidden="true">
                {bar.label}
              </span>
            </li>
          ))}
        </ul>
        {tip !== undefined && shown !== null && (
          <div
            className="chart-tip"
            aria-hidden="true"
            style={{
              left: `clamp(100px, ${(100 * (shown + 0.5)) / bars.length}%, calc(100% - 100px))`,
              bottom: `calc(${share(Math.min(tip.value, top * 0.72))} + 8px)`,
            }}
          >
            <strong>{tip.title}</strong>
            {tip.words}
          </div>
        )}
      </div>
    </figure>
  )
}

function nextBar(key: string, at: number, count: number): number | null {
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, at - 1)
    case 'ArrowRight':
      return Math.min(count - 1, at + 1)
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return null
  }
}

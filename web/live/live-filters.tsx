/** What narrows the list and the map: words, a status, and the order. All of it is in the address. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { formatCount } from '../rides/format.ts'
import { type Counts, type Order, orders, type StatusFilter } from './live-filter.ts'
import { longestSearch, unmoved } from './live-search.ts'

const names: Record<StatusFilter | 'all', string> = {
  all: 'Live',
  active: 'Active',
  paused: 'Paused',
  stale: 'Stale',
  ended: 'Ended',
}
const meanings: Record<StatusFilter | 'all', string> = {
  all: 'All rides in progress',
  active: 'Being ridden now',
  paused: 'The rider is having a break',
  stale: 'Nothing heard for a minute or longer',
  ended: 'Ended while this page was open',
}
const orderNames: Record<Order, string> = { newest: 'Newest first', rider: 'By rider', title: 'By title' }

export function LiveFilters({ counts }: { counts: Counts }) {
  const { q = '', status = null, sort = 'newest' } = useSearch({ from: '/' })
  const navigate = useNavigate({ from: '/' })
  // The address follows what is typed, and leads only where it says something else: on the way back, or in a link.
  const [text, setText] = useState(q)
  const own = useRef(q)
  useEffect(() => {
    if (q === own.current) return
    own.current = q
    setText(q)
  }, [q])

  function look(words: string): void {
    setText(words)
    const next = words.trim() === '' ? undefined : words
    own.current = next ?? ''
    // Whoever looks for somebody is to see him, wherever the map was moved to.
    void navigate({ search: (now) => ({ ...unmoved(now), q: next }), replace: true, resetScroll: false })
  }

  return (
    <search className="live-filters">
      <div className="live-find">
        <input
          type="search"
          value={text}
          maxLength={longestSearch}
          placeholder="Rider or title"
          aria-label="Find rides by rider or title"
          autoComplete="off"
          onChange={({ target }) => look(target.value)}
        />
        <select
          aria-label="Order"
          value={sort}
          onChange={({ target }) => {
            const order = orders.find((name) => name === target.value)
            void navigate({
              search: (now) => ({ ...now, sort: order === 'newest' ? undefined : order }),
              replace: true,
            })
          }}
        >
          {orders.map((order) => (
            <option key={order} value={order}>
              {orderNames[order]}
            </option>
          ))}
        </select>
      </div>
      <fieldset className="chips">
        <legend className="visually-hidden">Show rides by status</legend>
        {([null, 'active', 'paused', 'stale', 'ended'] as const).map((name) => (
          <button
            key={name ?? 'all'}
            type="button"
            className="chip"
            data-status={name ?? 'all'}
            aria-pressed={status === name}
            title={meanings[name ?? 'all']}
            onClick={() =>
              void navigate({ search: (now) => ({ ...now, status: name ?? undefined }), replace: true })
            }
          >
            <span className="chip-count">{formatCount(counts[name ?? 'all'], true)}</span>{' '}
            {names[name ?? 'all']}
          </button>
        ))}
      </fieldset>
    </search>
  )
}

/** No ride is as all of that: which condition stands in the way is found out by leaving each out. */
import { useEffect, useState } from 'react'
import { useApp } from '../app/app.ts'
import { Notice } from '../app/notice.tsx'
import { formatCount } from '../rides/format.ts'
import { type Chip, nothingWanted } from './chips.ts'
import { countRides, type RideCount } from './history-list.ts'
import { filterOf } from './ride-filter.ts'
import { type HistorySearch, present, wantedOf } from './search.ts'
import { useChangeSearch } from './use-history.ts'

export function NothingFound({
  search,
  chips,
  viewerId,
}: {
  search: HistorySearch
  chips: readonly Chip[]
  viewerId: string | null
}) {
  const { server } = useApp()
  const change = useChangeSearch()
  const [counts, setCounts] = useState<ReadonlyMap<string, RideCount>>(new Map())

  useEffect(() => {
    let isGone = false
    setCounts(new Map())
    for (const { key, without } of chips) {
      const wanted = wantedOf(present({ ...search, ...without }))
      void countRides(server, filterOf(wanted, viewerId)).then((count) => {
        if (!isGone && count !== null) setCounts((known) => new Map(known).set(key, count))
      })
    }
    return () => {
      isGone = true
    }
  }, [server, search, chips, viewerId])

  const isMine = viewerId !== null && search.whose !== 'all'
  return (
    <Notice title={isMine ? 'None of your rides match' : 'No rides match'}>
      {chips.length > 1 && <p>Without one of these filters you would find:</p>}
      <ul className="history-drops">
        {chips.map(({ key, words, without }) => {
          const count = counts.get(key)
          return (
            <li key={key}>
              <button type="button" className="button" onClick={() => change(without)}>
                Without {quoted(words)}
              </button>
              <span className="count">
                {count === undefined ? '…' : count.count === 0 ? 'none' : ridesInWords(count)}
              </span>
            </li>
          )
        })}
      </ul>
      <div className="first-steps">
        {chips.length > 1 && (
          <button type="button" className="button" onClick={() => change(nothingWanted)}>
            Clear all filters
          </button>
        )}
        {isMine && (
          <button type="button" className="button" onClick={() => change({ whose: 'all' })}>
            Search other riders’ rides too
          </button>
        )}
      </div>
    </Notice>
  )
}

function quoted(words: string): string {
  return words.startsWith('“') ? words : `“${words}”`
}

function ridesInWords({ count, isExact }: RideCount): string {
  return `${formatCount(count, isExact)} ${count === 1 ? 'ride' : 'rides'}`
}

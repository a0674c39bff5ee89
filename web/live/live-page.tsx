/** `/`: the rides in progress, moving on the map, the one that is chosen, and below them the latest that are over. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useApp } from '../app/app.ts'
import { useTitle } from '../app/page.tsx'
import { CopyButton } from '../forms/copy-button.tsx'
import { formatCount } from '../rides/format.ts'
import { NotLoaded } from '../rides/no-rides.tsx'
import { useCell } from '../state/use-cell.ts'
import { ChosenCard } from './chosen-card.tsx'
import { shownLatest } from './latest.ts'
import { LatestSection } from './latest-section.tsx'
import { countByStatus, listEnded, listLive } from './live-filter.ts'
import { LiveFilters } from './live-filters.tsx'
import { LiveList } from './live-list.tsx'
import { keeping, keepingAll, wantedOf, withoutChoice, withoutFilter } from './live-search.ts'
import { nothingInWords } from './nothing-in-words.ts'
import { LiveRefused, LiveRowsToCome, NobodyRides, NoRidesYet, NothingFound } from './nothing-live.tsx'
import { useLiveMap } from './use-live-map.ts'
import { useRouteToShow } from './use-route-to-show.ts'

export function LivePage() {
  const { live } = useApp()
  const search = useSearch({ from: '/' })
  const navigate = useNavigate({ from: '/' })
  const revision = useCell(live.listRevision)
  const latest = useCell(live.latest.latest)
  const refusal = useCell(live.refusal)
  const [arrivals, setArrivals] = useState(0)
  const [attempt, setAttempt] = useState(0)
  useEffect(() => live.open(), [live, attempt])
  useTitle('Live')

  const { q, status, sort, ride: chosen = null } = search
  const board = live.board.get()
  const isFollowing = search.follow !== false && search.map === undefined
  const followed = !isFollowing ? null : search.keep === 'ride' && chosen !== null ? chosen : 'all'

  // The board is another with every change of position; its revision says when the list is
  const { counts, ids, shown } = useMemo(() => {
    const now = live.board.get() ?? new Map()
    const wanted = wantedOf({ ...(q && { q }), ...(status && { status }), ...(sort && { sort }) })
    const ended = wanted.status === 'ended' ? listEnded(latest.ended, wanted).map(({ id }) => id) : []
    const listed = listLive(now, wanted).map(({ ride }) => ride.rideId)
    return {
      counts: countByStatus(now, latest.ended, wanted.text),
      ids: wanted.status === 'ended' ? ended : listed,
      shown: new Set(listed),
    }
  }, [live, revision, latest.ended, q, status, sort])

  useEffect(() => live.choose(chosen), [live, chosen])
  useRouteToShow(chosen, isFollowing)
  useLiveMap({
    shown,
    filterKey: JSON.stringify([q, status]),
    chosen,
    followed,
    arrivals,
    onOutOfView: () => void navigate({ search: keeping, replace: true }),
    onLeave: () => void navigate({ search: (now) => ({ ...now, follow: false as const }), replace: true }),
  })
  const onChoose = useCallback(() => setArrivals((count) => count + 1), [])

  if (refusal !== null) return <LiveRefused why={refusal} retry={() => setAttempt((count) => count + 1)} />
  const over = board === null ? [] : shownLatest(latest, board)
  if (board === null && latest.status === 'failed')
    return <NotLoaded what="The rides" retry={live.latest.retry} />
  if (board === null || (latest.status === 'loading' && board.size === 0)) return <LiveRowsToCome />
  const isNarrowed = q !== undefined || status !== undefined
  const isEmpty = board.size === 0 && latest.ended.length === 0 && !isNarrowed
  return (
    <div className="live">
      {isEmpty ? (
        <EmptyLive hasLatest={over.length > 0} isFailed={latest.status === 'failed'} />
      ) : (
        <section aria-labelledby="live-heading">
          <header className="live-head">
            <h1 id="live-heading">
              Live now <span className="count">{formatCount(board.size, true)}</span>
            </h1>
            <CopyButton
              what="the link to this view"
              className="quiet-button"
              text={() => window.location.href}
            >
              Copy link to this view
            </CopyButton>
          </header>
          <LiveFilters counts={counts} />
          <p className="visually-hidden" role="status">
            {isNarrowed ? `${ids.length} ${ids.length === 1 ? 'ride' : 'rides'} found` : ''}
          </p>
          <LiveList
            wanted={ids}
            filterKey={JSON.stringify([q, status, sort])}
            chosen={chosen}
            onChoose={onChoose}
          />
          {ids.length === 0 && (
            <NothingFound
              why={nothingInWords(q, status)}
              clear={() => void navigate({ search: withoutFilter, replace: true })}
            />
          )}
        </section>
      )}
      {!isNarrowed && <LatestSection rides={over} />}
      {chosen !== null && (
        <ChosenCard
          rideId={chosen}
          arrivals={arrivals}
          isFollowed={followed === chosen}
          onFollow={(isWanted) => void navigate({ search: isWanted ? keeping : keepingAll, replace: true })}
          onClose={() => {
            void navigate({ search: withoutChoice })
            document.querySelector<HTMLElement>(`[data-ride="${chosen}"]`)?.focus()
          }}
        />
      )}
    </div>
  )
}

function EmptyLive({ hasLatest, isFailed }: { hasLatest: boolean; isFailed: boolean }) {
  const { live } = useApp()
  if (isFailed) return <NotLoaded what="The rides" retry={live.latest.retry} />
  return hasLatest ? <NobodyRides /> : <NoRidesYet />
}

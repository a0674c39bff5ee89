/** The rides that are looked for, beside where they lead. */
import { Link } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import { useApp } from '../app/app.ts'
import { Notice } from '../app/notice.tsx'
import { replayCommand } from '../live/replay-command.ts'
import { formatCount } from '../rides/format.ts'
import { Command, FirstSteps, NoPublicRides, NotLoaded } from '../rides/no-rides.tsx'
import { useFormats } from '../rides/use-formats.ts'
import { useCell } from '../state/use-cell.ts'
import { AreaSearch } from './area-search.tsx'
import { chipsOf } from './chips.ts'
import { Filters } from './filters.tsx'
import type { RideCount } from './history-list.ts'
import { historyModelOf } from './history-model.ts'
import { NothingFound } from './nothing-found.tsx'
import { RideRows } from './ride-rows.tsx'
import { type HistorySearch, type Sort, sorts } from './search.ts'
import { useChangeSearch, useViewerId } from './use-history.ts'
import type { ShownRides } from './use-shown-rides.ts'

const sortWords: Record<Sort, string> = { newest: 'Newest', oldest: 'Oldest', longest: 'Longest' }

export function RidesPart({ search, shownRides }: { search: HistorySearch; shownRides: ShownRides }) {
  const { announcements, server } = useApp()
  const { units } = useFormats()
  const viewerId = useViewerId()
  const isUnanswered = useCell(historyModelOf(server).isViewerUnanswered)
  const { list, state, shown, highlighted, pointed, highlight } = shownRides
  const chips = useMemo(() => chipsOf(search, units), [search, units])
  const isReady = state.status === 'ready'

  const total = isReady ? state.total : null
  const said = total === null ? null : inWords(total)
  useEffect(() => {
    if (said !== null) announcements.say(`${said} found`)
  }, [said, announcements])

  const isFailed = state.status === 'failed' || (list === null && isUnanswered)
  const isEmpty = isReady && state.rides.length === 0
  const isFirstUse = isEmpty && chips.length === 0
  if (isFirstUse && (viewerId === null || search.whose === 'all')) return <EmptyHistory isAll />
  if (isFirstUse) return <EmptyHistory isAll={false} />
  return (
    <>
      <Filters search={search} chips={chips} hasViewer={viewerId !== null} />
      <AreaSearch search={search} />
      <div className="history-heading">
        <h2>{said ?? (isReady ? 'Rides' : 'Looking…')}</h2>
        <SortChoice sort={search.sort ?? 'newest'} />
      </div>
      {isFailed && (
        <Fault
          message={state.failure?.kind === 'final' ? state.failure.message : null}
          retry={() => (list === null ? server.socket.retryNow() : void list.reload())}
        />
      )}
      {isEmpty && <NothingFound search={search} chips={chips} viewerId={viewerId ?? null} />}
      {!isFailed && !isEmpty && shown === null && <HistoryToCome />}
      {!isFailed && !isEmpty && shown !== null && (
        <>
          {shown.state.rides.every(({ status }) => status !== 'FINISHED') && (
            <p className="history-note">
              No ride here has ended yet. When one has, it gets its route on the map and its final figures.
            </p>
          )}
          <div className="history-list" aria-busy={!isReady} data-stale={!isReady || undefined}>
            <RideRows
              key={shown.list.key}
              list={shown.list}
              state={shown.state}
              viewerId={viewerId ?? null}
              highlighted={highlighted}
              pointedOnMap={pointed}
              highlight={highlight}
            />
          </div>
        </>
      )}
    </>
  )
}

function inWords({ count, isExact }: RideCount): string {
  if (!isExact) return `More than ${formatCount(count, true)} rides`
  return count === 1 ? '1 ride' : `${formatCount(count, true)} rides`
}

function SortChoice({ sort }: { sort: Sort }) {
  const change = useChangeSearch()
  return (
    <label className="history-sort">
      <span className="visually-hidden">Order</span>
      <select
        value={sort}
        onChange={({ currentTarget: { value } }) =>
          change({ sort: value === 'oldest' || value === 'longest' ? value : undefined })
        }
      >
        {sorts.map((each) => (
          <option key={each} value={each}>
            {sortWords[each]} first
          </option>
        ))}
      </select>
    </label>
  )
}

function Fault({ message, retry }: { message: string | null; retry: () => void }) {
  if (message !== null)
    return (
      <Notice title="This search is not possible" isAlert>
        <p>{message}</p>
      </Notice>
    )
  return <NotLoaded what="The rides" retry={retry} />
}

function HistoryToCome() {
  return (
    <div className="history-list" role="status" aria-label="Loading rides">
      {Array.from({ length: 8 }, (_, index) => (
        <div key={index} className="history-row history-row-to-come" aria-hidden="true">
          <span className="to-come history-thumbnail" />
          <span className="to-come history-title-to-come" />
        </div>
      ))}
    </div>
  )
}

function EmptyHistory({ isAll }: { isAll: boolean }) {
  const session = useCell(useApp().sessions.session)
  if (session.status === 'nobody') return <NoPublicRides />
  return (
    <Notice title="No rides yet">
      <p>
        Every ride that you record or import is kept here: on the map, in the calendar, and in the totals.
      </p>
      <FirstSteps>
        {!isAll && (
          <Link to="/history" search={{ whose: 'all' }} className="button">
            See the rides of others
          </Link>
        )}
      </FirstSteps>
      <p>Or replay a recording (GPX, FIT or TCX) as a phone would send it:</p>
      <Command>{replayCommand(window.location.origin)}</Command>
    </Notice>
  )
}

/** `/`: the rides in progress, moving on the map, and below them those that were ridden. */
import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useApp } from '../app/app.ts'
import { Notice } from '../app/notice.tsx'
import { useTitle } from '../app/page.tsx'
import type { RideSummary } from '../rides/documents.ts'
import { formatCount } from '../rides/format.ts'
import { RideRow, type RideRowShown } from '../rides/ride-row.tsx'
import { useCell } from '../state/use-cell.ts'
import type { LiveRide } from './documents.ts'
import { byStart } from './live-board.ts'
import { zonesOf } from './live-zones.ts'
import { replayCommand } from './replay-command.ts'
import { useLiveScene } from './use-live-scene.ts'

export function LivePage() {
  const { rides: model } = useApp()
  const list = useCell(model.list)
  const live = useCell(model.live)
  useEffect(() => model.open(), [model])
  useTitle('Rides')

  const liveRides = live === null ? [] : byStart(live)
  const isLoading =
    list.status === 'loading' || (live === null && list.status === 'ready' && list.rides.length === 0)
  const zones = zonesOf(list.rides)
  const past = list.rides.filter(({ id }) => live?.has(id) !== true)
  useLiveScene(liveRides, past)

  if (list.status === 'failed') {
    return (
      <Notice title="The rides could not be loaded" isAlert>
        <p>The server does not answer. The page tries again by itself.</p>
        <button type="button" className="button" onClick={() => void model.retry()}>
          Try now
        </button>
      </Notice>
    )
  }
  if (isLoading) return <RowsToCome />
  if (liveRides.length === 0 && past.length === 0) return <NoRides />
  return (
    <>
      {liveRides.length > 0 && (
        <section aria-labelledby="live-heading">
          <h2 className="list-heading" id="live-heading">
            Live now <span className="count">{liveRides.length}</span>
          </h2>
          <ul className="rows">
            {liveRides.map((ride) => (
              <RideRow key={ride.rideId} ride={fromLive(ride, zones.get(ride.rideId) ?? null)} />
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="rides-heading">
        <h2 className="list-heading" id="rides-heading">
          Rides{' '}
          {list.total !== null && (
            <span className="count">
              {formatCount(Math.max(past.length, list.total.count - liveRides.length), list.total.isExact)}
            </span>
          )}
        </h2>
        <ul className="rows">
          {past.map((ride) => (
            <RideRow key={ride.id} ride={fromSummary(ride)} />
          ))}
        </ul>
        {list.hasMore && (
          <div className="more">
            {list.more === 'failed' && <p role="alert">The server did not answer.</p>}
            <button
              type="button"
              className="button"
              disabled={list.more === 'loading'}
              onClick={() => void model.loadMore()}
            >
              {list.more === 'loading' ? 'Loading…' : list.more === 'failed' ? 'Try again' : 'Load more'}
            </button>
          </div>
        )}
      </section>
    </>
  )
}

function NoRides() {
  const session = useCell(useApp().sessions.session)
  if (session.status === 'nobody') {
    return (
      <Notice title="No public rides">
        <p>Riders decide who sees a ride. Sign in to see your own.</p>
        <Link to="/sign-in" className="button">
          Sign in
        </Link>
      </Notice>
    )
  }
  return (
    <Notice title="No rides yet">
      <p>A ride appears here while it is being ridden, and stays when it is over.</p>
      <p>To see one, replay a recording (GPX, FIT or TCX) as a phone would send it:</p>
      <pre>
        <code>{replayCommand(window.location.origin)}</code>
      </pre>
      {session.status === 'rider' && (
        <p>
          It needs a key: make one in <Link to="/account">your account</Link> and set it as SLIPSTREAM_TOKEN.
        </p>
      )}
    </Notice>
  )
}

function RowsToCome() {
  return (
    <div className="rows" role="status" aria-label="Loading rides">
      {Array.from({ length: 8 }, (_, index) => (
        <div key={index} className="row row-to-come" aria-hidden="true" />
      ))}
    </div>
  )
}

function fromLive(ride: LiveRide, timeZone: string | null): RideRowShown {
  return {
    rideId: ride.rideId,
    title: ride.title,
    status: ride.status,
    rider: ride.rider.name,
    startedAt: ride.startedAt,
    timeZone,
    distance: ride.progress?.distance ?? null,
    movingTime: ride.progress?.movingTime ?? null,
    speed: ride.progress?.speed ?? null,
  }
}

function fromSummary(ride: RideSummary): RideRowShown {
  const figures = ride.statistics ?? ride.progress
  return {
    rideId: ride.id,
    title: ride.title,
    status: ride.status,
    rider: ride.rider.name,
    startedAt: ride.startedAt,
    timeZone: ride.timeZone,
    distance: figures?.distance ?? null,
    movingTime: figures?.movingTime ?? null,
    speed: null,
  }
}

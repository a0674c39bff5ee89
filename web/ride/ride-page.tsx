/** `/rides/:id`: one ride, live while it is being ridden, its route and statistics when finished. */
import { useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useApp } from '../app/app.ts'
import { Notice } from '../app/notice.tsx'
import { BackLink, useTitle } from '../app/page.tsx'
import { formatStart, thisViewer } from '../rides/start.ts'
import { StatusPill } from '../rides/status-pill.tsx'
import { Sharing } from '../share/sharing.tsx'
import { createCell } from '../state/cell.ts'
import { onLook } from '../state/looks.ts'
import { useCell } from '../state/use-cell.ts'
import { RideFigures } from './ride-figures.tsx'
import { newest, type RideView, type RideWatch, watchRide } from './ride-watch.ts'
import { useRideScene } from './use-ride-scene.ts'

const loading = createCell<RideView>({ status: 'loading' })

export function RidePage() {
  const { rideId } = useParams({ from: '/rides/$rideId' })
  const { server, announcements } = useApp()
  const [watch, setWatch] = useState<RideWatch | null>(null)
  useEffect(() => {
    const watched = watchRide(server, rideId, requestAnimationFrame, onLook)
    setWatch(watched)
    return watched.close
  }, [server, rideId])
  const view = useCell(watch?.view ?? loading)
  useRideScene(view)
  useTitle(view.status === 'ready' ? view.ride.title : 'Ride')
  const gone = view.status === 'missing' && view.why !== 'unknown' ? missing[view.why].title : null
  useEffect(() => {
    if (gone !== null) announcements.say(gone)
  }, [gone, announcements])

  return (
    <article className="ride">
      <BackLink />
      <RideBody view={view} retry={() => watch?.retry()} />
    </article>
  )
}

function RideBody({ view, retry }: { view: RideView; retry: () => void }) {
  switch (view.status) {
    case 'loading':
      return <RideToCome />
    case 'failed':
      return (
        <Notice title="The ride could not be loaded" isAlert>
          <p>The server does not answer. The page tries again by itself.</p>
          <button type="button" className="button" onClick={retry}>
            Try now
          </button>
        </Notice>
      )
    case 'missing':
      return (
        <Notice title={missing[view.why].title}>
          <p>{missing[view.why].about}</p>
        </Notice>
      )
    case 'ready':
      return <RideShown {...view} />
    default:
      return view satisfies never
  }
}

const missing: Record<Extract<RideView, { status: 'missing' }>['why'], { title: string; about: string }> = {
  unknown: { title: 'There is no such ride', about: 'It was deleted, is private, or never was.' },
  deleted: { title: 'This ride was deleted', about: 'Its rider removed it just now.' },
  'no longer shown': {
    title: 'This ride is no longer shown',
    about: 'Its rider has hidden or deleted it, or the link to it has ended.',
  },
}

function RideShown({ ride, track }: Extract<RideView, { status: 'ready' }>) {
  const { status, progress } = newest(ride, track)
  return (
    <>
      <h1>{ride.title}</h1>
      <p className="ride-about">
        <StatusPill status={status} />
        <time dateTime={ride.startedAt}>{formatStart(ride.startedAt, ride.timeZone, thisViewer())}</time>
        <span>{ride.rider.name}</span>
      </p>
      {ride.description !== null && ride.description !== '' && (
        <p className="ride-description">{ride.description}</p>
      )}
      <RideFigures statistics={ride.statistics} progress={progress} />
      {status === 'ENDED' && (
        <p className="ride-note">The ride is over. Its route is being made; this takes a moment.</p>
      )}
      {status === 'FINISHED' && ride.route === null && ride.statistics !== null && (
        <p className="ride-note">There is no route: the ride has too few positions.</p>
      )}
      {ride.shares !== null && <Sharing ride={ride} />}
    </>
  )
}

function RideToCome() {
  return (
    <div role="status" aria-label="Loading the ride">
      <div className="to-come to-come-title" />
      <div className="to-come to-come-line" />
      <div className="to-come to-come-figures" />
    </div>
  )
}

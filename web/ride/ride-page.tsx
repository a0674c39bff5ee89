/** `/rides/:id`: one ride, live while it is being ridden, its route and statistics when finished. */
import { useLocation, useParams, useSearch } from '@tanstack/react-router'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import '../styles/ride.css'
import { useApp } from '../app/app.ts'
import { Notice } from '../app/notice.tsx'
import { BackLink, useTitle } from '../app/page.tsx'
import { searchOnReturn } from '../app/way-back.ts'
import { NotLoaded } from '../rides/no-rides.tsx'
import { formatStart, thisViewer } from '../rides/start.ts'
import { StatusPill } from '../rides/status-pill.tsx'
import { Sharing } from '../share/sharing.tsx'
import { createCell } from '../state/cell.ts'
import { onLook } from '../state/looks.ts'
import { useCell } from '../state/use-cell.ts'
import { paintingOf } from './coloured-route.ts'
import { EditRide } from './edit-ride.tsx'
import { ExcludedPlaces } from './excluded-places.tsx'
import { createMoments, type Moments } from './moments.ts'
import { DeleteRide, EndRide } from './own-ride.tsx'
import { RideDrawer } from './ride-drawer.tsx'
import { RideFigures } from './ride-figures.tsx'
import { RideFiles } from './ride-files.tsx'
import { usualColouring } from './ride-search.ts'
import { newest, type RideView, type RideWatch, watchRide } from './ride-watch.ts'
import { SplitsTable } from './splits-table.tsx'
import { type AlongView, useAlong } from './use-along.ts'
import { useMomentsOnMap } from './use-moments-on-map.ts'
import { useRideScene } from './use-ride-scene.ts'

const loading = createCell<RideView>({ status: 'loading' })

export function RidePage() {
  const { rideId } = useParams({ from: '/rides/$rideId' })
  const { server, announcements, wayBack } = useApp()
  const path = useLocation({ select: ({ pathname }) => pathname })
  const [watch, setWatch] = useState<RideWatch | null>(null)
  useEffect(() => {
    const watched = watchRide(server, rideId, requestAnimationFrame, onLook)
    setWatch(watched)
    return watched.close
  }, [server, rideId])
  const view = useCell(watch?.view ?? loading)
  const along = useAlong(view.status === 'ready' ? view.ride : null)
  const [moments] = useState(createMoments)
  const { colour = usualColouring } = useSearch({ from: '/rides/$rideId' })
  const samples = along.status === 'ready' ? along.samples : null
  const painting = useMemo(() => (samples === null ? null : paintingOf(samples, colour)), [samples, colour])
  useRideScene(view, along, painting)
  useMomentsOnMap(along, moments)
  useTitle(view.status === 'ready' ? view.ride.title : 'Ride')
  const gone = view.status === 'missing' && view.why !== 'unknown' ? missing[view.why].title : null
  useEffect(() => {
    if (gone !== null) announcements.say(gone)
  }, [gone, announcements])

  // Most rides are finished: their charts have their room while it is not known whether this one is.
  const shown: AlongView = view.status === 'loading' ? { status: 'loading' } : along
  const charts = <RideDrawer along={shown} moments={moments} painting={painting} />

  return (
    <article className="ride">
      <BackLink to={isUnderWay(view) ? '/' : '/history'} search={searchOnReturn(useCell(wayBack), path)} />
      <RideBody view={view} along={along} moments={moments} retry={() => watch?.retry()}>
        {charts}
      </RideBody>
    </article>
  )
}

function isUnderWay(view: RideView): boolean {
  return view.status === 'ready' && view.ride.status !== 'FINISHED'
}

interface OfFinished {
  along: AlongView
  moments: Moments
  /** The charts. */
  children: ReactNode
}

function RideBody({ view, retry, ...ofFinished }: { view: RideView; retry: () => void } & OfFinished) {
  switch (view.status) {
    case 'loading':
      return (
        <>
          <RideToCome />
          {ofFinished.children}
        </>
      )
    case 'failed':
      return <NotLoaded what="The ride" retry={retry} />
    case 'missing':
      return (
        <Notice title={missing[view.why].title}>
          <p>{missing[view.why].about}</p>
        </Notice>
      )
    case 'ready':
      return <RideShown {...view} {...ofFinished} />
    default:
      return view satisfies never
  }
}

const missing: Record<Extract<RideView, { status: 'missing' }>['why'], { title: string; about: string }> = {
  unknown: {
    title: 'There is no such ride',
    about: 'It may have been deleted, or its rider keeps it private.',
  },
  deleted: { title: 'This ride was deleted', about: 'Its rider removed it just now.' },
  'no longer shown': {
    title: 'This ride is no longer shown',
    about: 'Its rider has hidden or deleted it, or the link to it has ended.',
  },
}

function RideShown({
  ride,
  track,
  along,
  moments,
  children,
}: Extract<RideView, { status: 'ready' }> & OfFinished) {
  const { status, progress } = newest(ride, track)
  const isOwn = ride.shares !== null
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
      {isOwn && (
        <div className="ride-edit">
          <EditRide ride={ride} />
        </div>
      )}
      <RideFigures statistics={ride.statistics} progress={progress} />
      {isOwn && (status === 'ACTIVE' || status === 'PAUSED') && <EndRide ride={ride} />}
      {status === 'ENDED' && (
        <p className="ride-note">The ride has ended. Its route is being prepared; this takes a moment.</p>
      )}
      {status === 'FINISHED' && ride.route === null && ride.statistics !== null && (
        <p className="ride-note">There is no route: too few positions were recorded.</p>
      )}
      {children}
      {ride.statistics !== null && <SplitsTable ride={ride} along={along} moments={moments} />}
      <ExcludedPlaces ride={ride} />
      {isOwn && <Sharing ride={ride} />}
      {ride.statistics !== null && (isOwn || ride.visibility !== 'PRIVATE') && (
        <section className="ride-section" aria-labelledby="files-heading">
          <h2 id="files-heading">Download</h2>
          <RideFiles ride={ride} />
        </section>
      )}
      {isOwn && (
        <section className="ride-section" aria-label="Delete">
          <DeleteRide ride={ride} />
        </section>
      )}
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

/** One ride of the history: its route drawn small, and its figures. The whole row is the link. */
import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import { Figure } from '../rides/figure.tsx'
import { formatDuration } from '../rides/format.ts'
import { formatStartBriefly, thisViewer } from '../rides/start.ts'
import { StatusPill } from '../rides/status-pill.tsx'
import { useFormats } from '../rides/use-formats.ts'
import type { HistoryRide } from './documents.ts'
import { type Thumbnail, thumbnailOf } from './thumbnail.ts'

/** Pixels, as in styles/history.css. */
export const rowHeight = 88
const drawing = { width: 96, height: 64, margin: 6 }

export const HistoryRow = memo(function HistoryRow({
  ride,
  isViewers,
  isHighlighted,
  highlight,
}: {
  ride: HistoryRide
  /** Whose name needs not be said. */
  isViewers: boolean
  isHighlighted: boolean
  highlight: (rideId: string | null) => void
}) {
  const formats = useFormats()
  const { distance, movingTime } = ride.statistics ?? ride.progress ?? {}
  const climbing = ride.statistics?.elevationGain
  return (
    <Link
      to="/rides/$rideId"
      params={{ rideId: ride.id }}
      className="history-row"
      data-highlighted={isHighlighted || undefined}
      onMouseEnter={() => highlight(ride.id)}
      onMouseLeave={() => highlight(null)}
      onFocus={() => highlight(ride.id)}
      onBlur={() => highlight(null)}
    >
      {ride.route === null && ride.status !== 'FINISHED' ? (
        <span className="history-thumbnail history-thumbnail-to-come" aria-hidden="true">
          {ride.status === 'ENDED' ? 'Being finished' : 'Under way'}
        </span>
      ) : (
        <Drawing ride={ride} />
      )}
      <span className="history-row-title">{ride.title}</span>
      <span className="history-row-about">
        {ride.status !== 'FINISHED' && <StatusPill status={ride.status} />}
        <time dateTime={ride.startedAt}>
          {formatStartBriefly(ride.startedAt, ride.timeZone, thisViewer())}
        </time>
        {!isViewers && <span className="history-row-rider">{ride.rider.name}</span>}
      </span>
      <span className="history-row-figures">
        <span className="history-row-distance">
          <span className="visually-hidden">Distance </span>
          <Figure {...formats.distance(distance)} />
        </span>
        <span>
          <span className="visually-hidden">Moving time </span>
          {formatDuration(movingTime)}
        </span>
        {typeof climbing === 'number' && (
          <span>
            <span className="visually-hidden">Climbing </span>
            <span aria-hidden="true">↗ </span>
            <Figure {...formats.elevation(climbing)} />
          </span>
        )}
      </span>
    </Link>
  )
})

function Drawing({ ride }: { ride: HistoryRide }) {
  const thumbnail = drawn(ride)
  const { width, height } = drawing
  return (
    <svg
      className="history-thumbnail"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      aria-hidden="true"
    >
      {thumbnail === null ? (
        <path className="history-thumbnail-none" d={`M${width / 2 - 8} ${height / 2}h16`} />
      ) : (
        <>
          <path className="history-thumbnail-line" d={thumbnail.path} />
          <circle
            className="history-thumbnail-start"
            cx={thumbnail.start[0]}
            cy={thumbnail.start[1]}
            r="2.4"
          />
        </>
      )}
    </svg>
  )
}

/** Made once a ride: rows come and go while one scrolls. */
const thumbnails = new WeakMap<HistoryRide, Thumbnail | null>()

function drawn(ride: HistoryRide): Thumbnail | null {
  let thumbnail = thumbnails.get(ride)
  if (thumbnail === undefined) {
    thumbnail = thumbnailOf(ride.route?.polylines ?? [], drawing)
    thumbnails.set(ride, thumbnail)
  }
  return thumbnail
}

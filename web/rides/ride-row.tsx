/** One ride in the list: the whole row is the link. */
import { Link } from '@tanstack/react-router'
import type { RideStatus } from './documents.ts'
import { Figure } from './figure.tsx'
import { formatDuration } from './format.ts'
import { formatStartBriefly, thisViewer } from './start.ts'
import { StatusPill } from './status-pill.tsx'
import { useFormats } from './use-formats.ts'

export interface RideRowShown {
  rideId: string
  title: string
  status: RideStatus
  rider: string
  startedAt: string
  /** Null: shown by the viewer's own clock. */
  timeZone: string | null
  distance: number | null
  movingTime: number | null
  /** Only of a ride that is being ridden. */
  speed: number | null
}

export function RideRow({ ride }: { ride: RideRowShown }) {
  const formats = useFormats()
  return (
    <li>
      <Link to="/rides/$rideId" params={{ rideId: ride.rideId }} className="row">
        <span className="row-title">{ride.title}</span>
        <span className="row-distance">
          <Figure {...formats.distance(ride.distance)} />
        </span>
        <span className="row-about">
          <StatusPill status={ride.status} />
          <time dateTime={ride.startedAt}>
            {formatStartBriefly(ride.startedAt, ride.timeZone, thisViewer())}
          </time>
          <span>{ride.rider}</span>
        </span>
        <span className="row-time">
          {ride.status === 'ACTIVE' && ride.speed !== null ? (
            <Figure {...formats.speed(ride.speed)} />
          ) : (
            formatDuration(ride.movingTime)
          )}
        </span>
      </Link>
    </li>
  )
}

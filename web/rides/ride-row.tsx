/** One ride in the list: the whole row is the link. */
import { Link } from '@tanstack/react-router'
import type { RideStatus } from './documents.ts'
import { Figure } from './figure.tsx'
import { formatDistance, formatDuration, formatSpeed, formatStartBriefly } from './format.ts'
import { StatusPill } from './status-pill.tsx'

export interface RideRowShown {
  rideId: string
  title: string
  status: RideStatus
  rider: string
  startedAt: string
  distance: number | null
  movingTime: number | null
  /** Only of a ride that is being ridden. */
  speed: number | null
}

export function RideRow({ ride }: { ride: RideRowShown }) {
  return (
    <li>
      <Link to="/rides/$rideId" params={{ rideId: ride.rideId }} className="row">
        <span className="row-title">{ride.title}</span>
        <span className="row-distance">
          <Figure {...formatDistance(ride.distance)} />
        </span>
        <span className="row-about">
          <StatusPill status={ride.status} />
          <time dateTime={ride.startedAt}>{formatStartBriefly(ride.startedAt, new Date())}</time>
          <span>{ride.rider}</span>
        </span>
        <span className="row-time">
          {ride.status === 'ACTIVE' && ride.speed !== null ? (
            <Figure {...formatSpeed(ride.speed)} />
          ) : (
            formatDuration(ride.movingTime)
          )}
        </span>
      </Link>
    </li>
  )
}

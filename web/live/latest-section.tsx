/** Below the rides in progress: a handful of those that are over. */
import { Link } from '@tanstack/react-router'
import type { RideSummary } from '../rides/documents.ts'
import { RideRow, type RideRowShown } from '../rides/ride-row.tsx'

export function LatestSection({ rides }: { rides: readonly RideSummary[] }) {
  if (rides.length === 0) return null
  return (
    <section aria-labelledby="latest-heading">
      <h2 className="list-heading" id="latest-heading">
        Latest rides
      </h2>
      <ul className="rows">
        {rides.map((ride) => (
          <RideRow key={ride.id} ride={shownOf(ride)} />
        ))}
      </ul>
      <div className="more">
        <Link to="/history" search={{}} className="button">
          All rides
        </Link>
      </div>
    </section>
  )
}

function shownOf(ride: RideSummary): RideRowShown {
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

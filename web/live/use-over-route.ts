/** The route of a ride that is over, on the map of those in progress: of the chosen one, and where there is none, so that the map shows something. */
import { useEffect, useRef } from 'react'
import { useApp, useRiderMap } from '../app/app.ts'
import { insist } from '../graphql/insist.ts'
import type { RiderMap } from '../map/rider-map.ts'
import type { RideSummary } from '../rides/documents.ts'
import { routeLines } from '../rides/route-lines.ts'
import { onLook } from '../state/looks.ts'
import { rideRouteQuery } from './documents.ts'

/** @param mayMove whether the map is to show all of it. */
export function useOverRoute(ride: RideSummary | null, mayMove: boolean): void {
  const map = useRiderMap()
  const { server } = useApp()
  const mayMoveNow = useRef(mayMove)
  mayMoveNow.current = mayMove
  const rideId = ride?.status === 'FINISHED' ? ride.id : null

  useEffect(() => {
    if (map === null || rideId === null) return
    let asking = new AbortController()
    let isFramed = false
    async function show(id: string, on: RiderMap): Promise<void> {
      // Only the answer to what was asked last counts.
      asking.abort()
      asking = new AbortController()
      const answer = await insist(server, rideRouteQuery, { id, minVersion: null }, asking.signal)
      const route = answer.ok ? (answer.data.ride?.route ?? null) : null
      on.setRoute(route === null ? null : { lines: routeLines(route.geometry) })
      if (route === null || isFramed || !mayMoveNow.current) return
      isFramed = true
      on.fitBounds(route.boundingBox, { animate: false })
    }
    void show(rideId, map)
    const endLooks = onLook(() => void show(rideId, map))
    return () => {
      endLooks()
      asking.abort()
      map.setRoute(null)
    }
  }, [map, rideId, server])
}

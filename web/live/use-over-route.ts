/** The route of a ride that is over, on the map of those in progress: of the chosen one, and where there is none, so that the map shows something. */
import { useEffect, useRef } from 'react'
import { useApp, useRiderMap } from '../app/app.ts'
import { readAtLooks } from '../graphql/read-at-looks.ts'
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
    let isFramed = false
    const variables = { id: rideId, minVersion: null }
    const end = readAtLooks(server, rideRouteQuery, variables, onLook, (answer) => {
      const route = answer.ok ? (answer.data.ride?.route ?? null) : null
      map.setRoute(route === null ? null : { lines: routeLines(route.geometry) })
      if (route === null || isFramed || !mayMoveNow.current) return
      isFramed = true
      map.fitBounds(route.boundingBox, { animate: false })
    })
    return () => {
      end()
      map.setRoute(null)
    }
  }, [map, rideId, server])
}

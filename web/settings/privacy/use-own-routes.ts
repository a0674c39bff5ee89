/** Shows where the rider has ridden, so that he sees what a circle covers: the map that is built in has no streets. */
import { useEffect, useState } from 'react'
import { useApp, useRiderMap } from '../../app/app.ts'
import { insist } from '../../graphql/insist.ts'
import { type Box, boxAroundHome } from '../../map/geodesy.ts'
import { decodePolyline } from '../../map/polyline.ts'
import type { RouteOfRide } from '../../map/rider-map.ts'
import { ownRidesQuery, viewerQuery } from './documents.ts'

const mostRides = 50

/** Gives the box around those in the country of the newest: null until it is known, and where there is none. */
export function useOwnRoutes(): Box | null {
  const map = useRiderMap()
  const { server } = useApp()
  const [routes, setRoutes] = useState<{ shown: readonly RouteOfRide[]; around: Box | null } | null>(null)

  useEffect(() => {
    const leaving = new AbortController()
    async function load(): Promise<void> {
      const who = await insist(server, viewerQuery, {}, leaving.signal)
      const riderId = who.ok ? who.data.viewer?.id : undefined
      if (riderId === undefined) return
      const answer = await insist(server, ownRidesQuery, { riderId, first: mostRides }, leaving.signal)
      if (!answer.ok) return
      const found = answer.data.rides.edges.flatMap(({ node: { id, route } }) =>
        route === null ? [] : [{ rideId: id, ...route }],
      )
      const shown = found.map(({ rideId, polylines }) => ({ rideId, lines: polylines.map(decodePolyline) }))
      setRoutes({ shown, around: boxAroundHome(found.map(({ boundingBox }) => boundingBox)) })
    }
    void load()
    return () => leaving.abort()
  }, [server])

  useEffect(() => {
    if (map === null || routes === null) return
    map.setRoutes(routes.shown, null)
    return () => map.setRoutes([], null)
  }, [map, routes])

  return routes?.around ?? null
}

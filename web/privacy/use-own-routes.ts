/** Shows where the rider has ridden, so that he sees what a circle covers: the map that is built in has no streets. */
import { useEffect, useState } from 'react'
import { useApp, useRiderMap } from '../app/app.ts'
import { insist } from '../graphql/insist.ts'
import type { Box } from '../map/geodesy.ts'
import type { Place } from '../map/glide.ts'
import { decodePolyline } from '../map/polyline.ts'
import { ownRidesQuery, viewerQuery } from './documents.ts'

const mostRides = 50

/** Gives the box around the newest of them: null until it is known, and where there is none. */
export function useOwnRoutes(): Box | null {
  const map = useRiderMap()
  const { server } = useApp()
  const [routes, setRoutes] = useState<{ lines: readonly Place[][]; newest: Box | null } | null>(null)

  useEffect(() => {
    const leaving = new AbortController()
    async function load(): Promise<void> {
      const who = await insist(server, viewerQuery, {}, leaving.signal)
      const riderId = who.ok ? who.data.viewer?.id : undefined
      if (riderId === undefined) return
      const answer = await insist(server, ownRidesQuery, { riderId, first: mostRides }, leaving.signal)
      if (!answer.ok) return
      const found = answer.data.rides.edges.flatMap(({ node }) => node.route ?? [])
      const lines = found.flatMap(({ polylines }) => polylines.map(decodePolyline))
      setRoutes({ lines, newest: found[0]?.boundingBox ?? null })
    }
    void load()
    return () => leaving.abort()
  }, [server])

  useEffect(() => {
    if (map === null || routes === null) return
    map.setRidden(routes.lines)
    return () => map.setRidden([])
  }, [map, routes])

  return routes?.newest ?? null
}

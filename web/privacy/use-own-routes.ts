/** Shows where the rider has ridden, so that he sees what a circle covers: the map that is built in has no streets. */
import { useEffect, useState } from 'react'
import { useApp, useRiderMap } from '../app/app.ts'
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
    let isGone = false
    async function load(): Promise<void> {
      const who = await server.query(viewerQuery, {})
      const riderId = who.ok ? who.data.viewer?.id : undefined
      if (riderId === undefined || isGone) return
      const answer = await server.query(ownRidesQuery, { riderId, first: mostRides })
      if (!answer.ok || isGone) return
      const found = answer.data.rides.edges.flatMap(({ node }) => node.route ?? [])
      const lines = found.flatMap(({ polylines }) => polylines.map(decodePolyline))
      setRoutes({ lines, newest: found[0]?.boundingBox ?? null })
    }
    void load()
    return () => {
      isGone = true
    }
  }, [server])

  useEffect(() => {
    if (map === null || routes === null) return
    map.setRidden(routes.lines)
    return () => map.setRidden([])
  }, [map, routes])

  return routes?.newest ?? null
}

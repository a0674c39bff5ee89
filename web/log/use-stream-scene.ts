/** Where a stream's ride went, and on it the positions of the event that is looked at. */
import { useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useApp, useRiderMap } from '../app/app.ts'
import { insist } from '../graphql/insist.ts'
import { type Box, boxAround } from '../map/geodesy.ts'
import type { Place } from '../map/glide.ts'
import { decodePolyline } from '../map/polyline.ts'
import type { RouteOfRide } from '../map/rider-map.ts'
import { type FullEvent, streamPlacesQuery } from './documents.ts'

/** Nearer than this a single position says nothing of where it is. */
const nearestZoom = 14

/**
 * @param rideId null where nothing of it can be shown.
 * @param mayMove whether the map is to show all of it: no event is looked at.
 */
export function useStreamScene(rideId: string | null, event: FullEvent | null, mayMove: boolean): void {
  const map = useRiderMap()
  const ground = useGround(rideId)
  const isPlaced = useSearch({ from: '__root__' }).map !== undefined
  const positions = event?.content?.positions ?? null

  useEffect(() => {
    if (map === null || ground === null) return
    map.setRoutes(ground.routes, null)
    return () => map.setRoutes([], null)
  }, [map, ground])
  useEffect(() => {
    if (map !== null && ground !== null && mayMove && !isPlaced)
      map.fitBounds(ground.around, { animate: false, maxZoom: nearestZoom })
  }, [map, ground, mayMove, isPlaced])

  useEffect(() => {
    if (map === null || positions === null) return
    const places = positions.flatMap(({ latitude, longitude }): Place[] =>
      latitude === null || longitude === null ? [] : [[longitude, latitude]],
    )
    const box = boxAround(places)
    if (box === null) return
    map.setRoute(places.length > 1 ? { lines: [places] } : null)
    map.setPointer(places.length === 1 ? (places[0] ?? null) : null)
    map.fitBounds(box, { animate: true })
    return () => {
      map.setRoute(null)
      map.setPointer(null)
    }
  }, [map, positions])
}

interface Ground {
  /** Of a ride that is finished; of one that goes on there is none yet, but the place where it is. */
  readonly routes: readonly RouteOfRide[]
  readonly around: Box
}

/** Null until it is known, and where there is none. */
function useGround(rideId: string | null): Ground | null {
  const { server } = useApp()
  const [ground, setGround] = useState<Ground | null>(null)
  useEffect(() => {
    if (rideId === null) return setGround(null)
    const leaving = new AbortController()
    void insist(server, streamPlacesQuery, { id: rideId }, leaving.signal).then((answer) => {
      const ride = answer.ok ? answer.data.ride : null
      const lines = ride?.route?.polylines.map(decodePolyline) ?? []
      const { latitude = null, longitude = null } = ride?.latestPosition ?? {}
      const latest = latitude === null || longitude === null ? [] : [[longitude, latitude] as const]
      const around = ride?.route?.boundingBox ?? boxAround(latest)
      if (around !== null) setGround({ routes: lines.length === 0 ? [] : [{ rideId, lines }], around })
    })
    return () => leaving.abort()
  }, [server, rideId])
  return ground
}

/** Shows on the map where the rides of the list lead, and the place that is looked around. */
import { useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useRiderMap } from '../app/app.ts'
import { boxAround, boxAroundCircles } from '../map/geodesy.ts'
import type { Place } from '../map/glide.ts'
import { decodePolyline } from '../map/polyline.ts'
import type { HistoryRide } from './documents.ts'
import { type HistorySearch, parseBox, parseNear } from './search.ts'

/** Two streets alone are shown with the quarter around. */
const closestZoom = 14

/**
 * @param found what these rides answer: what the map was brought to show it shows until something else is looked for.
 * @returns the ride whose route the pointer is over, on the map.
 */
export function useHistoryScene(
  rides: readonly HistoryRide[],
  found: string | null,
  search: HistorySearch,
  highlighted: string | null,
): string | null {
  const map = useRiderMap()
  const { map: camera, follow } = useSearch({ from: '__root__' })
  /** Until somebody moves it the map shows what there is to see. */
  const isFollowing = follow !== false && camera === undefined
  const [pointed, setPointed] = useState<string | null>(null)
  const framed = useRef<string | null>(null)
  const routes = useMemo(
    () =>
      rides.flatMap((ride) => {
        const lines = linesOf(ride)
        return lines.length === 0 ? [] : [{ rideId: ride.id, lines }]
      }),
    [rides],
  )

  useEffect(() => map?.setRoutes(routes, pointed ?? highlighted), [map, routes, pointed, highlighted])
  useEffect(() => {
    if (map === null) return
    const end = map.onRouteHovered(setPointed)
    return () => {
      end()
      map.setRoutes([], null)
    }
  }, [map])

  const near = search.near
  useEffect(() => {
    const circle = parseNear(near)
    if (map === null || circle === null) return
    const middle = [circle.longitude, circle.latitude] as const
    map.setCircles([{ middle, radiusMetres: circle.radius, label: null, isDraft: false }])
    return () => map.setCircles([])
  }, [map, near])

  useEffect(() => {
    if (!isFollowing) framed.current = null
    if (map === null || found === null || !isFollowing || framed.current === found) return
    const circle = parseNear(near)
    const box =
      circle === null
        ? (parseBox(search.within) ?? boxAround(routes.flatMap(({ lines }) => lines.flat())))
        : boxAroundCircles([
            { middle: [circle.longitude, circle.latitude], radiusMetres: 1.2 * circle.radius },
          ])
    if (box === null) return
    framed.current = found
    map.fitBounds(box, { animate: true, maxZoom: closestZoom })
  }, [map, found, routes, near, search.within, isFollowing])

  return pointed
}

/** Unpacked once a ride. */
const unpacked = new WeakMap<HistoryRide, readonly (readonly Place[])[]>()

function linesOf(ride: HistoryRide): readonly (readonly Place[])[] {
  let lines = unpacked.get(ride)
  if (lines === undefined) {
    lines = (ride.route?.polylines ?? []).map(decodePolyline)
    unpacked.set(ride, lines)
  }
  return lines
}

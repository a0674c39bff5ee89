/** Puts the rides in progress on the map, and where there are none the newest route, so that the map shows something. */
import { useSearch } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useApp, useRiderMap } from '../app/app.ts'
import { insist } from '../graphql/insist.ts'
import type { LiveRide } from '../live/documents.ts'
import { boxAround } from '../map/geodesy.ts'
import type { MapRide } from '../map/moving-ride.ts'
import { type RideSummary, rideQuery } from './documents.ts'
import { routeLines } from './route-lines.ts'

/** More labels than these hide each other. */
const mostLabels = 12
/** One rider alone is shown with the country around, not with the kerb. */
const closestZoom = 13

export function useLiveScene(liveRides: readonly LiveRide[], past: readonly RideSummary[]): void {
  const map = useRiderMap()
  const { server } = useApp()
  const search = useSearch({ from: '__root__' })
  const isFramed = useRef(search.map !== undefined)
  const hasLive = liveRides.length > 0
  const newest = hasLive ? undefined : past.find(({ status }) => status === 'FINISHED')
  const newestId = newest?.id

  useEffect(() => {
    if (search.map === undefined && search.follow === undefined) isFramed.current = false
  }, [search.map, search.follow])

  useEffect(() => {
    if (map === null) return
    const rides = liveRides.flatMap((ride) => onMap(ride, liveRides.length <= mostLabels))
    map.setRides(rides)
    const box = boxAround(rides.map(({ place }) => place))
    if (isFramed.current || box === null) return
    isFramed.current = true
    map.fitBounds(box, { animate: true, maxZoom: closestZoom })
  }, [map, liveRides])

  useEffect(() => {
    if (map === null || newestId === undefined) return
    const leaving = new AbortController()
    void insist(server, rideQuery, { id: newestId, minVersion: null }, leaving.signal).then((answer) => {
      const route = answer.ok ? answer.data.ride?.route : null
      if (route === null || route === undefined) return
      map.setRoute(routeLines(route.geometry))
      if (isFramed.current) return
      isFramed.current = true
      map.fitBounds(route.boundingBox, { animate: false })
    })
    return () => {
      leaving.abort()
      map.setRoute([])
    }
  }, [map, newestId, server])

  useEffect(() => () => map?.setRides([]), [map])
}

function onMap(ride: LiveRide, isLabelled: boolean): MapRide[] {
  const { longitude, latitude, heading } = ride.position ?? {}
  if (typeof longitude !== 'number' || typeof latitude !== 'number') return []
  return [
    {
      rideId: ride.rideId,
      version: ride.version,
      isPaused: ride.status === 'PAUSED',
      label: isLabelled ? ride.rider.name : null,
      place: [longitude, latitude],
      through: [],
      isSetDown: false,
      heading: heading ?? null,
    },
  ]
}

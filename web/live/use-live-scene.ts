/**
 * Puts the rides in progress on the map, and where there are none a route, so that the map shows something: that of the
 * ride which was watched until it ended, else the newest.
 */
import { useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useApp, useRiderMap } from '../app/app.ts'
import { insist } from '../graphql/insist.ts'
import { boxAround } from '../map/geodesy.ts'
import type { RideOnMap } from '../map/moving-ride.ts'
import type { RiderMap } from '../map/rider-map.ts'
import { rideQuery } from '../ride/documents.ts'
import type { RideSummary } from '../rides/documents.ts'
import { routeLines } from '../rides/route-lines.ts'
import { onLook } from '../state/looks.ts'
import type { LiveRide } from './documents.ts'

/** More labels than these hide each other. */
const mostLabels = 12
/** One rider alone is shown with the country around, not with the kerb. */
const closestZoom = 13

/** What the map was last brought to show; rides in progress outrank a route that is over. */
type Framed = 'nothing' | 'route' | 'live rides'

export function useLiveScene(liveRides: readonly LiveRide[], past: readonly RideSummary[]): void {
  const map = useRiderMap()
  const { server } = useApp()
  const search = useSearch({ from: '__root__' })
  /** Until somebody moves it the map shows what there is to see. */
  const isFollowing = search.follow !== false && search.map === undefined
  const mayMove = useRef(isFollowing)
  const framed = useRef<Framed>('nothing')
  const [watchedId, watch] = useState<string | null>(null)
  const onlyId = liveRides.length === 1 ? (liveRides[0]?.rideId ?? null) : null
  const ended = past.find(({ id, status }) => (watchedId === null ? status === 'FINISHED' : id === watchedId))
  // What was watched may be too old for the part of the list that is loaded; it is asked for all the same.
  const isToCome = ended !== undefined && ended.status !== 'FINISHED'
  const routeId = liveRides.length > 0 || isToCome ? undefined : (watchedId ?? ended?.id)

  useEffect(() => {
    mayMove.current = isFollowing
    if (isFollowing) framed.current = 'nothing'
  }, [isFollowing])

  useEffect(() => {
    if (onlyId !== null) watch(onlyId)
  }, [onlyId])

  useEffect(() => {
    if (map === null) return
    const rides = liveRides.flatMap((ride) => onMap(ride, liveRides.length <= mostLabels))
    map.setRides(rides)
    const box = boxAround(rides.map(({ place }) => place))
    if (box === null) {
      if (framed.current === 'live rides') framed.current = 'nothing'
    } else if (isFollowing && framed.current !== 'live rides') {
      framed.current = 'live rides'
      map.fitBounds(box, { animate: false, maxZoom: closestZoom })
    }
    // Of several, keeping one in view would lose the others.
    map.follow(isFollowing && rides.length === 1 ? (rides[0]?.rideId ?? null) : null)
  }, [map, liveRides, isFollowing])

  useEffect(() => {
    if (map === null || routeId === undefined) return
    const leaving = new AbortController()
    async function show(id: string, on: RiderMap): Promise<void> {
      const answer = await insist(server, rideQuery, { id, minVersion: null }, leaving.signal)
      const route = answer.ok ? (answer.data.ride?.route ?? null) : null
      on.setRoute(route === null ? null : { lines: routeLines(route.geometry) })
      if (route === null || !mayMove.current || framed.current !== 'nothing') return
      framed.current = 'route'
      on.fitBounds(route.boundingBox, { animate: false })
    }
    void show(routeId, map)
    const endLooks = onLook(() => void show(routeId, map))
    return () => {
      endLooks()
      leaving.abort()
      map.setRoute(null)
    }
  }, [map, routeId, server])

  useEffect(() => {
    if (map === null) return
    return () => {
      map.follow(null)
      map.setRides([])
    }
  }, [map])
}

function onMap(ride: LiveRide, isLabelled: boolean): RideOnMap[] {
  const { longitude, latitude, heading } = ride.position ?? {}
  if (typeof longitude !== 'number' || typeof latitude !== 'number') return []
  return [
    {
      rideId: ride.rideId,
      version: ride.version,
      status: ride.status === 'PAUSED' ? 'paused' : 'active',
      label: isLabelled ? ride.rider.name : null,
      place: [longitude, latitude],
      through: [],
      isSetDown: false,
      heading: heading ?? null,
    },
  ]
}

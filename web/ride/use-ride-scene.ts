/** Puts one ride on the map: while it is being ridden its marker and trail, once finished its route. */
import { useSearch } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useApp, useRiderMap } from '../app/app.ts'
import { lastPlace, type Track } from '../live/track.ts'
import { boxAround } from '../map/geodesy.ts'
import type { Place } from '../map/glide.ts'
import type { RideStatus } from '../rides/documents.ts'
import { metresPerMile } from '../rides/format.ts'
import { routeLines } from '../rides/route-lines.ts'
import { useCell } from '../state/use-cell.ts'
import { coloursOf, type Painting } from './coloured-route.ts'
import type { Ride } from './documents.ts'
import { readColour, readRamp } from './read-colour.ts'
import { newest, type RideView } from './ride-watch.ts'
import type { AlongView } from './use-along.ts'
import { marksAlong } from './way.ts'

export function useRideScene(view: RideView, along: AlongView, painting: Painting | null): void {
  const map = useRiderMap()
  const search = useSearch({ from: '__root__' })
  const isFollowing = search.follow !== false && search.map === undefined
  const isFramed = useRef(false)
  const shown = useRef({ lines: 0, points: 0 })
  const ride = view.status === 'ready' ? view.ride : null
  const track = view.status === 'ready' ? view.track : null
  const revision = view.status === 'ready' ? view.revision : 0
  const route = ride?.route ?? null
  const rideId = ride?.id ?? null

  useEffect(() => {
    if (isFollowing) isFramed.current = false
  }, [isFollowing])

  // The track grows in place, and its revision says when.
  useEffect(() => {
    if (map === null || ride === null || track === null || route !== null) return
    const place = latestPlaceOf(ride, track)
    if (place === null) return
    const through = fixesSince(track, shown.current)
    map.setRides([
      {
        rideId: ride.id,
        version: Math.max(track.version, 1),
        status: markerOf(newest(ride, track).status),
        label: null,
        place,
        through: through.fixes,
        isSetDown: through.isNewLine,
        heading: track.heading,
      },
    ])
    map.setTrails(new Map([[ride.id, track.lines]]))
    // A ride that is over without a route is followed from its end: there is nothing more to wait for.
    const hasCaughtUp = track.version >= ride.version || ride.status === 'FINISHED'
    if (!isFollowing || isFramed.current || !hasCaughtUp) return
    isFramed.current = true
    map.fitBounds(boxAround(track.lines.flat()) ?? boxAround([place]) ?? worldBox, { animate: false })
  }, [map, ride, track, revision, route, isFollowing])

  // Neither where it went nor where it is stays behind, when it may not be seen any more, nor the map where that was.
  const isGone = view.status === 'missing' && view.why !== 'unknown'
  useEffect(() => {
    if (map === null || !isGone) return
    map.setRides([])
    map.setTrails(new Map())
    map.fitBounds(worldBox, { animate: false })
    shown.current = { lines: 0, points: 0 }
    isFramed.current = false
  }, [map, isGone])

  useEffect(() => {
    map?.follow(isFollowing ? rideId : null)
  }, [map, rideId, isFollowing])

  useEffect(() => {
    if (map === null || route === null) return
    map.setRides([])
    map.setTrails(new Map())
    return () => map.setRoute(null)
  }, [map, route])

  const theme = useCell(useApp().themes.shown)
  const units = useCell(useApp().units.choice)
  useEffect(() => {
    if (map === null || route === null) return
    if (along.status !== 'ready') return map.setRoute({ lines: routeLines(route.geometry) })
    const { samples, way } = along
    const colours = painting && {
      colours: coloursOf(way, samples, painting, { ramp: readRamp(), unknown: readColour('--ink-soft') }),
    }
    const marks = marksAlong(way, units === 'metric' ? 1_000 : metresPerMile)
    map.setRoute({ lines: way.lines, marks, ...colours })
  }, [map, route, along, painting, units, theme])

  useEffect(() => {
    if (map !== null && route !== null && isFollowing)
      map.fitBounds(route.boundingBox, { animate: isFramed.current })
  }, [map, route, isFollowing])

  useEffect(() => {
    if (map === null) return
    return () => {
      map.follow(null)
      map.setRides([])
      map.setTrails(new Map())
    }
  }, [map])
}

const worldBox = { west: -170, south: -60, east: 170, north: 75 }

function markerOf(status: RideStatus): 'active' | 'paused' | 'stale' {
  if (status === 'ACTIVE') return 'active'
  return status === 'PAUSED' ? 'paused' : 'stale'
}

function latestPlaceOf(ride: Ride, track: Track): Place | null {
  const { longitude, latitude } = ride.latestPosition ?? {}
  const hasCaughtUp = track.version >= ride.version
  const fromFeed = lastPlace(track)
  if (hasCaughtUp && fromFeed !== null) return fromFeed
  return typeof longitude === 'number' && typeof latitude === 'number' ? [longitude, latitude] : fromFeed
}

/** What the map was not yet told of, and notes that it now was. */
function fixesSince(
  track: Track,
  shown: { lines: number; points: number },
): { fixes: Place[]; isNewLine: boolean } {
  const isNewLine = track.lines.length !== shown.lines
  const line = track.lines.at(-1) ?? []
  const fixes = isNewLine ? [] : line.slice(shown.points)
  shown.lines = track.lines.length
  shown.points = line.length
  return { fixes, isNewLine }
}

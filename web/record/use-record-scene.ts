/** Puts on the map where one is, and the way so far. */
import { useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useRiderMap } from '../app/app.ts'
import { boxAround } from '../map/geodesy.ts'
import type { Place } from '../map/glide.ts'
import { useCell } from '../state/use-cell.ts'
import { placeOfPosition } from './distance.ts'
import type { Recorder } from './recorder.ts'
import { createWay } from './way.ts'

/** Streets can be told apart, and where the next turn leads. */
const closestZoom = 15

export function useRecordScene(recorder: Recorder): void {
  const map = useRiderMap()
  const view = useCell(recorder.view)
  const locating = useCell(recorder.locator.locating)
  const search = useSearch({ from: '__root__' })
  const isFollowing = search.follow !== false && search.map === undefined
  const isFramed = useRef(false)
  const ride = view.status === 'ready' ? view.current : null
  const rideId = ride?.recording.rideId ?? here
  const count = ride?.recording.positionCount ?? 0
  const status = ride?.recording.status
  const [way] = useState(() => createWay())
  const found = locating.status === 'found' ? locating.coords : null
  const last = ride?.queue.positions.at(-1)

  // When it is over, all of it is shown.
  const isOver = status === 'ENDED'
  useEffect(() => {
    if (isOver) isFramed.current = false
  }, [isOver])

  useEffect(() => {
    if (map === null) return
    const place: Place | null =
      found !== null && status !== 'ENDED'
        ? [found.longitude, found.latitude]
        : last === undefined
          ? null
          : placeOfPosition(last)
    if (place === null) return map.setRides([])
    const lines = ride === null ? [] : way.upTo(ride.queue, ride.recording.stretches)
    const heading = found?.heading ?? null
    map.setRides([
      {
        ...{ rideId, place, version: count + 1, through: [], isSetDown: false, label: null },
        status: status === 'PAUSED' ? 'paused' : 'active',
        heading: heading === null || Number.isNaN(heading) ? null : heading,
      },
    ])
    map.setTrails(new Map([[rideId, lines]]))
    if (!isFollowing || isFramed.current) return
    isFramed.current = true
    const box = boxAround([...lines.flat(), place])
    if (box !== null) map.fitBounds(box, { animate: false, maxZoom: closestZoom })
  }, [map, ride, rideId, found, last, count, status, way, isFollowing])

  useEffect(() => {
    map?.follow(isFollowing ? rideId : null)
    if (isFollowing) isFramed.current = false
  }, [map, rideId, isFollowing])

  useEffect(() => {
    if (map === null) return
    return () => {
      map.follow(null)
      map.setRides([])
      map.setTrails(new Map())
    }
  }, [map])
}

/** The place of whoever has not started. */
const here = 'here'

/**
 * Puts the rides that are listed on the map, each with its marker, those whose feed is followed with their trails, and keeps in view
 * what is followed. Positions come to it past React: a thousand of them change four times a second.
 */
import { useEffect, useRef } from 'react'
import { useApp, useRiderMap } from '../app/app.ts'
import { createFollowing } from './following.ts'
import { createMarkers } from './markers.ts'

export interface LiveScene {
  /** The ids of the rides that the list shows. */
  shown: ReadonlySet<string>
  /** Of what is shown: with another the map frames what is left. */
  filterKey: string
  chosen: string | null
  /** A ride's id, `all`, or nothing: somebody moved the map. */
  followed: string | null
  /** Grows with each time that somebody chose a ride in the list. */
  arrivals: number
  /** What was chosen lies outside of what the map shows. */
  onOutOfView(): void
  /** Somebody zoomed, by a button, while all were followed. */
  onLeave(): void
}

export function useLiveMap(scene: LiveScene): void {
  const map = useRiderMap()
  const { live } = useApp()
  const now = useRef(scene)
  now.current = scene
  const drawNow = useRef(() => {})

  useEffect(() => {
    if (map === null) return
    const markers = createMarkers()
    const following = createFollowing(map)

    function draw(): void {
      const board = live.board.get()
      if (map === null || board === null) return
      const { shown, filterKey, followed } = now.current
      const entries = [...board.values()].filter(({ ride }) => shown.has(ride.rideId))
      const { rides, trails } = markers.of(entries, live.trails.trackOf)
      map.setRides(rides)
      map.setTrails(trails)
      following.keep(followed, filterKey, rides, performance.now())
    }

    drawNow.current = draw
    const ends = [
      live.board.subscribe(draw),
      live.trails.revision.subscribe(draw),
      map.onMoved((_, byUser) => {
        if (byUser && now.current.followed === 'all') now.current.onLeave()
      }),
    ]
    return () => {
      drawNow.current = () => {}
      for (const end of ends) end()
      map.follow(null)
      map.setRides([])
      map.setTrails(new Map())
    }
  }, [map, live])

  // It is drawn anew where another is followed or other rides are shown
  useEffect(() => drawNow.current(), [map, scene.shown, scene.followed])

  useEffect(() => {
    map?.select(scene.chosen)
    return () => map?.select(null)
  }, [map, scene.chosen])

  const { arrivals, chosen } = scene
  useEffect(() => {
    if (map === null || arrivals === 0 || chosen === null) return
    const { longitude, latitude } = live.board.get()?.get(chosen)?.ride.position ?? {}
    if (typeof longitude !== 'number' || typeof latitude !== 'number') return
    const { west, south, east, north } = map.bounds()
    const turned = west + ((((longitude - west) % 360) + 360) % 360)
    if (turned > east || latitude < south || latitude > north) now.current.onOutOfView()
  }, [map, live, arrivals, chosen])
}

/** Where the positions of the event lie that is looked at. */
import { useEffect } from 'react'
import { useRiderMap } from '../app/app.ts'
import { boxAround } from '../map/geodesy.ts'
import type { Place } from '../map/glide.ts'
import type { FullEvent } from './documents.ts'

export function useEventScene(event: FullEvent | null): void {
  const map = useRiderMap()
  const positions = event?.content?.positions ?? null

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

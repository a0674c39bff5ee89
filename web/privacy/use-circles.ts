/** Shows on the map what is hidden, and where what is about to be hidden lies. */
import { useEffect } from 'react'
import { useRiderMap } from '../app/app.ts'
import { boxAroundCircles } from '../map/geodesy.ts'
import type { PrivacyZone } from './documents.ts'
import type { Draft } from './new-zone.tsx'

export function useCircles(zones: readonly PrivacyZone[] | null, draft: Draft): void {
  const map = useRiderMap()
  useEffect(() => {
    if (map === null) return
    const circles = (zones ?? []).map((zone) => ({ ...circleOf(zone), label: zone.name, isDraft: false }))
    const wanted =
      draft.place === null
        ? []
        : [{ middle: draft.place, radiusMetres: draft.radius, label: null, isDraft: true }]
    map.setCircles([...circles, ...wanted])
    return () => map.setCircles([])
  }, [map, zones, draft])
  useEffect(() => {
    if (map === null || zones === null) return
    const box = boxAroundCircles(zones.map(circleOf))
    if (box !== null) map.fitBounds(box, { animate: true, maxZoom: 14 })
  }, [map, zones])
}

function circleOf({ latitude, longitude, radius }: PrivacyZone) {
  return { middle: [longitude, latitude] as const, radiusMetres: radius }
}

/** Shows on the map what is hidden, and where what is about to be hidden lies. */
import { useSearch } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useRiderMap } from '../../app/app.ts'
import { type Box, boxAroundCircles } from '../../map/geodesy.ts'
import type { PrivacyZone } from './documents.ts'
import type { Draft } from './new-zone.tsx'

/**
 * @param wantedRadii metres, by zone, while they are being changed.
 * @param elsewhere is looked at while there is no zone.
 */
export function useCircles(
  zones: readonly PrivacyZone[] | null,
  draft: Draft,
  wantedRadii: ReadonlyMap<string, number>,
  elsewhere: Box | null,
): void {
  const map = useRiderMap()
  const isPlaced = useSearch({ from: '__root__' }).map !== undefined
  const shown = useRef<readonly PrivacyZone[] | null>(null)
  useEffect(() => {
    if (map === null) return
    const circles = (zones ?? []).map((zone) => ({
      ...circleOf({ ...zone, radius: wantedRadii.get(zone.id) ?? zone.radius }),
      label: zone.name,
      isDraft: false,
    }))
    const wanted =
      draft.place === null
        ? []
        : [{ middle: draft.place, radiusMetres: draft.radius, label: null, isDraft: true }]
    map.setCircles([...circles, ...wanted])
    return () => map.setCircles([])
  }, [map, zones, draft, wantedRadii])

  // At first where the address says; from then on, wherever one has looked since, at zones that have changed.
  useEffect(() => {
    if (map === null || zones === null || zones === shown.current) return
    const isFirst = shown.current === null
    shown.current = zones
    const box = boxAroundCircles(zones.map(circleOf))
    if (box !== null && !(isFirst && isPlaced)) map.fitBounds(box, { animate: true, maxZoom: 14 })
  }, [map, zones, isPlaced])

  const isEmpty = zones?.length === 0 && draft.place === null
  useEffect(() => {
    if (map !== null && elsewhere !== null && isEmpty && !isPlaced)
      map.fitBounds(elsewhere, { animate: true, maxZoom: 14 })
  }, [map, elsewhere, isEmpty, isPlaced])
}

function circleOf({ latitude, longitude, radius }: PrivacyZone) {
  return { middle: [longitude, latitude] as const, radiusMetres: radius }
}

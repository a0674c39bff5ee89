/** Shows on the map where somebody points along a ride and what he has picked; and what he points at on the map, along the ride. */
import { useEffect } from 'react'
import { useRiderMap } from '../app/app.ts'
import { type Moments, momentOfSample, placeOfMoment } from './moments.ts'
import { sampleNear } from './nearest-sample.ts'
import type { AlongView } from './use-along.ts'
import { linesBetween } from './way.ts'

export function useMomentsOnMap(along: AlongView, moments: Moments): void {
  const map = useRiderMap()
  const { samples, way } = along.status === 'ready' ? along : { samples: null, way: null }

  useEffect(() => {
    if (map === null || samples === null || way === null) return
    const { moment, stretch, glanced } = moments
    const point = () => {
      const now = moment.get()
      map.setPointer(now === null ? null : placeOfMoment(samples, way, now))
    }
    const pick = () => {
      const picked = glanced.get() ?? stretch.get()
      const [from, to] = [samples.distance[picked?.from ?? -1], samples.distance[picked?.to ?? -1]]
      map.setStretch(from === undefined || to === undefined ? [] : linesBetween(way, from, to))
    }
    let isPointedAt = false
    const pointAt = (index: number | null) => {
      if (moments.isPlaying.get() || (index === null && !isPointedAt)) return
      isPointedAt = index !== null
      moment.set(index === null ? null : momentOfSample(samples, index))
    }
    point()
    pick()
    const endings = [
      moment.subscribe(point),
      stretch.subscribe(pick),
      glanced.subscribe(pick),
      map.onPoint((place) => {
        pointAt(place === null ? null : sampleNear(samples, place, map.bounds()))
      }),
    ]
    return () => {
      for (const end of endings) end()
      map.setPointer(null)
      map.setStretch([])
    }
  }, [map, samples, way, moments])
}

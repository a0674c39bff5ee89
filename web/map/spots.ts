/** A single place on the map, such as a position that was left out of a route. */
import type { FlatView } from './flat-view.ts'
import type { Place } from './glide.ts'

export interface Spot {
  place: Place
  /** Any that CSS knows. */
  colour: string
  /** Shown while it is pointed at. */
  label: string
}

const hitRadiusPx = 10

/** The spot that is pointed at: the nearest. */
export function spotAt(spots: readonly Spot[], view: FlatView, x: number, y: number): Spot | null {
  let best: Spot | null = null
  let bestPx = hitRadiusPx
  const at = { x: 0, y: 0 }
  for (const spot of spots) {
    view.project(spot.place, at)
    const distancePx = Math.hypot(at.x - x, at.y - y)
    if (distancePx > bestPx) continue
    best = spot
    bestPx = distancePx
  }
  return best
}

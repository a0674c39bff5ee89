/**
 * The lower canvas: what lies on the map without moving. It is drawn again when the map moves or something else is shown, and not
 * with every frame in which a rider rides.
 */

import type { FlatView } from './flat-view.ts'
import { type Box, northOf } from './geodesy.ts'
import type { Place } from './glide.ts'
import { thinMarks } from './marks.ts'
import { createOverlayCanvas } from './overlay-canvas.ts'
import type { Palette } from './palette.ts'
import type { Mark } from './shown-route.ts'
import type { Spot } from './spots.ts'
import { drawCircle, drawEnd, drawMark, drawSpot, nameGraticule } from './still-brush.ts'

export interface RouteEnds {
  start: Place
  finish: Place
}

export interface Circle {
  middle: Place
  radiusMetres: number
  label: string | null
  /** Not there yet: a pin, and about what will be hidden. */
  isDraft: boolean
}

export interface Stills {
  routeEnds: RouteEnds | null
  marks: readonly Mark[]
  spots: readonly Spot[]
  circles: readonly Circle[]
}

export interface StillOverlay {
  /** @param graticule what its lines are named for; null: they are not drawn. */
  draw(view: FlatView, stills: Stills, graticule: Box | null, palette: Palette): void
  remove(): void
}

export function createStillOverlay(container: HTMLElement): StillOverlay {
  const canvas = createOverlayCanvas(container)
  return {
    draw(view, { routeEnds, marks, spots, circles }, graticule, palette) {
      const isEmpty =
        graticule === null && routeEnds === null && marks.length + spots.length + circles.length === 0
      canvas.hide(isEmpty)
      if (isEmpty) return
      const brush = canvas.wipe(view.width, view.height)
      if (brush === null) return
      if (graticule !== null) nameGraticule(brush, view, graticule, palette)
      for (const circle of circles) {
        const at = view.project(circle.middle)
        const edge = view.project(northOf(circle.middle, circle.radiusMetres))
        drawCircle(brush, at, { ...circle, radiusPx: Math.hypot(edge.x - at.x, edge.y - at.y) }, palette)
      }
      for (const { place, colour } of spots) drawSpot(brush, view.project(place), colour, palette)
      const placed = marks.map(({ place, label }) => ({ ...view.project(place), label }))
      for (const mark of thinMarks(placed)) drawMark(brush, mark, mark.label, palette)
      if (routeEnds !== null) {
        drawEnd(brush, view.project(routeEnds.start), palette.routeCasing, palette.route)
        drawEnd(brush, view.project(routeEnds.finish), palette.route, palette.routeCasing)
      }
    },
    remove: canvas.remove,
  }
}

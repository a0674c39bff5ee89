/**
 * What is drawn above the map: the riders, and on the built-in map the names of the graticule's lines.
 *
 * A canvas of our own, because markers that glide move with every frame. As elements they would be laid out, as
 * features of the map re-tiled, each frame; here thousands are a few milliseconds, in the system's own font, the
 * same above either map library.
 */
import {
  drawCircle,
  drawEnd,
  drawMark,
  drawMarker,
  drawPointer,
  drawSpot,
  drawTail,
  nameGraticule,
  nameMarkers,
  nameSpot,
  type ScreenPoint,
} from './brush.ts'
import type { Engine } from './engine.ts'
import { nearestTurn, northOf } from './geodesy.ts'
import type { Place } from './glide.ts'
import { thinMarks } from './marks.ts'
import type { RideOnMap } from './moving-ride.ts'
import type { Palette } from './palette.ts'
import type { Mark } from './shown-route.ts'

export interface MarkerShown {
  rideId: string
  place: Place
  heading: number | null
  status: RideOnMap['status']
  isSelected: boolean
  /** Drawn beside the marker. */
  label: string | null
  /** The stretch that the marker has glided since the last point of the trail. */
  tail: readonly Place[]
}

interface MarkerDrawn extends ScreenPoint {
  rideId: string
  label: string | null
}

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

/** A single place, such as a position that was left out of a route. */
export interface Spot {
  place: Place
  colour: string
  /** Shown while it is pointed at. */
  label: string
}

export interface Shown {
  markers: readonly MarkerShown[]
  routeEnds: RouteEnds | null
  marks: readonly Mark[]
  spots: readonly Spot[]
  circles: readonly Circle[]
  pointer: Place | null
  /** Where the pointer is over the map. */
  hovered: ScreenPoint | null
}

/** A finger is wider than a marker. */
const hitRadiusPx = 18
const spotRadiusPx = 10

export interface Overlay {
  draw(shown: Shown, palette: Palette): void
  /** The ride under a point of the map as it was last drawn. */
  rideAt(x: number, y: number): string | null
  remove(): void
}

export function createOverlay(container: HTMLElement, engine: Engine): Overlay {
  const canvas = document.createElement('canvas')
  canvas.className = 'map-overlay'
  canvas.setAttribute('aria-hidden', 'true')
  container.append(canvas)
  let drawn: MarkerDrawn[] = []

  function toScreen(place: Place): ScreenPoint {
    return engine.project([nearestTurn(place[0], engine.camera().longitude), place[1]])
  }

  return {
    draw({ markers, routeEnds, marks, spots, circles, pointer, hovered }, palette) {
      const brush = canvas.getContext('2d')
      if (brush === null) return
      const { clientWidth: width, clientHeight: height } = container
      fitToDevice(canvas, brush, width, height)
      if (engine.style === 'built-in') nameGraticule(brush, engine, palette, height)
      for (const circle of circles) {
        const at = toScreen(circle.middle)
        const edge = toScreen(northOf(circle.middle, circle.radiusMetres))
        drawCircle(brush, at, { ...circle, radiusPx: Math.hypot(edge.x - at.x, edge.y - at.y) }, palette)
      }
      if (routeEnds !== null) {
        drawEnd(brush, toScreen(routeEnds.start), palette.routeCasing, palette.route)
        drawEnd(brush, toScreen(routeEnds.finish), palette.route, palette.routeCasing)
      }
      for (const { x, y, label } of thinMarks(
        marks.map(({ place, label }) => ({ ...toScreen(place), label })),
      ))
        drawMark(brush, { x, y }, label, palette)
      let named: (ScreenPoint & Spot) | null = null
      for (const spot of spots) {
        const at = toScreen(spot.place)
        drawSpot(brush, at, spot.colour, palette)
        if (hovered !== null && Math.hypot(at.x - hovered.x, at.y - hovered.y) < spotRadiusPx)
          named = { ...at, ...spot }
      }
      drawn = []
      for (const marker of markers) {
        const at = toScreen(marker.place)
        if (marker.tail.length > 1) drawTail(brush, marker.tail.map(toScreen), palette)
        if (at.x < -40 || at.y < -40 || at.x > width + 40 || at.y > height + 40) continue
        drawMarker(brush, at, marker, palette)
        drawn.push({ rideId: marker.rideId, label: marker.label, ...at })
      }
      nameMarkers(brush, drawn, palette, width)
      if (pointer !== null) drawPointer(brush, toScreen(pointer), palette)
      if (named !== null) nameSpot(brush, named, named.label, palette, width)
    },
    rideAt(x, y) {
      let best: string | null = null
      let bestPx = hitRadiusPx
      for (const candidate of drawn) {
        const distancePx = Math.hypot(candidate.x - x, candidate.y - y)
        if (distancePx <= bestPx) {
          best = candidate.rideId
          bestPx = distancePx
        }
      }
      return best
    },
    remove: () => canvas.remove(),
  }
}

function fitToDevice(
  canvas: HTMLCanvasElement,
  brush: CanvasRenderingContext2D,
  width: number,
  height: number,
): void {
  const ratio = window.devicePixelRatio
  const [deviceWidth, deviceHeight] = [Math.round(width * ratio), Math.round(height * ratio)]
  if (canvas.width !== deviceWidth || canvas.height !== deviceHeight) {
    canvas.width = deviceWidth
    canvas.height = deviceHeight
  }
  brush.setTransform(ratio, 0, 0, ratio, 0, 0)
  brush.clearRect(0, 0, width, height)
}

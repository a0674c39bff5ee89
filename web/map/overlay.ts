/**
 * What is drawn above the map: the riders, and on the built-in map the names of the graticule's lines.
 *
 * A canvas of our own, because markers that glide move with every frame. As elements they would be laid out, as
 * features of the map re-tiled, each frame; here thousands are a few milliseconds, in the system's own font, the
 * same above either map library.
 */
import type { Engine } from './engine.ts'
import { nearestTurn } from './geodesy.ts'
import type { Place } from './glide.ts'
import { graticule } from './graticule.ts'
import { lineWidthPx } from './line-layers.ts'
import type { Palette } from './palette.ts'

export interface MarkerShown {
  rideId: string
  place: Place
  heading: number | null
  isPaused: boolean
  /** Drawn beside the marker. */
  label: string | null
  /** The stretch that the marker has glided since the last point of the trail. */
  tail: readonly Place[]
}

export interface RouteEnds {
  start: Place
  finish: Place
}

const font = '600 12px system-ui, sans-serif'
const smallFont = '500 10px system-ui, sans-serif'
const markerRadiusPx = 8
/** A finger is wider than a marker. */
const hitRadiusPx = 18

export interface Overlay {
  draw(shown: { markers: readonly MarkerShown[]; routeEnds: RouteEnds | null }, palette: Palette): void
  /** The ride under a point of the map as it was last drawn. */
  rideAt(x: number, y: number): string | null
  remove(): void
}

export function createOverlay(container: HTMLElement, engine: Engine): Overlay {
  const canvas = document.createElement('canvas')
  canvas.className = 'map-overlay'
  canvas.setAttribute('aria-hidden', 'true')
  container.append(canvas)
  let drawn: { rideId: string; x: number; y: number }[] = []

  function toScreen(place: Place): { x: number; y: number } {
    return engine.project([nearestTurn(place[0], engine.camera().longitude), place[1]])
  }

  return {
    draw({ markers, routeEnds }, palette) {
      const brush = canvas.getContext('2d')
      if (brush === null) return
      const { clientWidth: width, clientHeight: height } = container
      fitToDevice(canvas, brush, width, height)
      if (engine.style === 'built-in') nameGraticule(brush, engine, palette, height)
      if (routeEnds !== null) {
        drawEnd(brush, toScreen(routeEnds.start), palette.routeCasing, palette.route)
        drawEnd(brush, toScreen(routeEnds.finish), palette.route, palette.routeCasing)
      }
      drawn = []
      for (const marker of markers) {
        const at = toScreen(marker.place)
        if (marker.tail.length > 1) drawTail(brush, marker.tail.map(toScreen), palette)
        if (at.x < -40 || at.y < -40 || at.x > width + 40 || at.y > height + 40) continue
        drawMarker(brush, at, marker, palette, width)
        drawn.push({ rideId: marker.rideId, ...at })
      }
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

function nameGraticule(
  brush: CanvasRenderingContext2D,
  engine: Engine,
  palette: Palette,
  height: number,
): void {
  const box = engine.bounds()
  const lines = graticule(box, box.east - box.west)
  brush.fillStyle = palette.graticuleLabel
  brush.font = smallFont
  brush.textBaseline = 'alphabetic'
  for (const { longitude, label } of lines.meridians) {
    brush.fillText(label, engine.project([longitude, box.south]).x + 4, 13)
  }
  for (const { latitude, label } of lines.parallels) {
    const { y } = engine.project([box.west, latitude])
    // Neither over the names of the meridians nor under the scale.
    if (y > 30 && y < height - 36) brush.fillText(label, 6, y - 4)
  }
}

/** Where a route begins is a ring, where it ends a dot. */
function drawEnd(
  brush: CanvasRenderingContext2D,
  at: { x: number; y: number },
  fill: string,
  edge: string,
): void {
  brush.beginPath()
  brush.arc(at.x, at.y, 5.5, 0, 2 * Math.PI)
  brush.lineWidth = 2.5
  brush.fillStyle = fill
  brush.strokeStyle = edge
  brush.fill()
  brush.stroke()
}

function drawTail(
  brush: CanvasRenderingContext2D,
  points: readonly { x: number; y: number }[],
  palette: Palette,
): void {
  brush.beginPath()
  points.forEach(({ x, y }, index) => {
    if (index === 0) brush.moveTo(x, y)
    else brush.lineTo(x, y)
  })
  brush.lineWidth = lineWidthPx
  brush.lineCap = 'round'
  brush.lineJoin = 'round'
  brush.strokeStyle = palette.trail
  brush.stroke()
}

function drawMarker(
  brush: CanvasRenderingContext2D,
  at: { x: number; y: number },
  { heading, isPaused, label }: MarkerShown,
  palette: Palette,
  mapWidth: number,
): void {
  brush.save()
  brush.translate(at.x, at.y)
  brush.fillStyle = isPaused ? palette.paused : palette.active
  brush.strokeStyle = palette.markerEdge
  brush.lineWidth = 2.5
  brush.lineJoin = 'round'
  brush.beginPath()
  if (heading !== null && !isPaused) {
    brush.rotate((heading * Math.PI) / 180)
    // A drop that points where the rider goes.
    brush.arc(0, 0, markerRadiusPx, -0.25 * Math.PI, 1.25 * Math.PI)
    brush.lineTo(0, -markerRadiusPx * 2)
    brush.closePath()
    brush.stroke()
    brush.fill()
    brush.rotate((-heading * Math.PI) / 180)
  } else {
    brush.arc(0, 0, markerRadiusPx, 0, 2 * Math.PI)
    brush.stroke()
    brush.fill()
  }
  if (label !== null) {
    brush.font = font
    brush.textBaseline = 'middle'
    brush.lineWidth = 3
    brush.strokeStyle = palette.labelHalo
    const offset = markerRadiusPx + 9
    const isAtEdge = at.x + offset + brush.measureText(label).width > mapWidth - 4
    brush.textAlign = isAtEdge ? 'right' : 'left'
    brush.strokeText(label, isAtEdge ? -offset : offset, 0)
    brush.fillStyle = palette.label
    brush.fillText(label, isAtEdge ? -offset : offset, 0)
  }
  brush.restore()
}

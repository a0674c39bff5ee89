/** The strokes of the overlay: how riders, their labels, a route's ends and the graticule's names look. */
import type { FlatView, ScreenPoint } from './flat-view.ts'
import type { Box } from './geodesy.ts'
import type { Place } from './glide.ts'
import { graticule } from './graticule.ts'
import { lineWidthPx } from './line-layers.ts'
import type { Moving, RideOnMap } from './moving-ride.ts'
import type { Palette } from './palette.ts'

interface MarkerLook {
  heading: number | null
  status: RideOnMap['status']
  isSelected: boolean
}

const font = '600 12px system-ui, sans-serif'
const smallFont = '500 10px system-ui, sans-serif'
const markFont = '600 10px system-ui, sans-serif'
const markRadiusPx = 8
const markerRadiusPx = 7.5
const markerTipPx = 15
const selectedRadiusPx = 24
const labelOffsetPx = 17
const labelHeightPx = 16

/** At 0, 0. What it is, is told by its form as well as its colour: bars for a pause, hollow where it may be elsewhere by now. */
export function drawMarker(
  brush: CanvasRenderingContext2D,
  { heading, status, isSelected }: MarkerLook,
  palette: Palette,
): void {
  if (isSelected) {
    brush.beginPath()
    brush.arc(0, 0, selectedRadiusPx, 0, 2 * Math.PI)
    brush.globalAlpha = 0.26
    brush.fillStyle = palette[status]
    brush.fill()
    brush.globalAlpha = 1
    brush.scale(1.3, 1.3)
  }
  brush.fillStyle = palette[status]
  brush.strokeStyle = palette.markerEdge
  brush.lineWidth = 3
  brush.lineJoin = 'round'
  brush.beginPath()
  if (heading === null) {
    brush.arc(0, 0, markerRadiusPx, 0, 2 * Math.PI)
  } else {
    // A drop that points where the rider goes: its sides leave the circle where they touch it.
    const tip = (heading * Math.PI) / 180 - Math.PI / 2
    const touch = Math.acos(markerRadiusPx / markerTipPx)
    brush.arc(0, 0, markerRadiusPx, tip + touch, tip - touch)
    brush.lineTo(markerTipPx * Math.cos(tip), markerTipPx * Math.sin(tip))
  }
  brush.closePath()
  brush.stroke()
  brush.fill()
  brush.fillStyle = palette.markerEdge
  if (status === 'paused') {
    brush.fillRect(-3, -3.5, 2, 7)
    brush.fillRect(1, -3.5, 2, 7)
  }
  if (status === 'stale') {
    brush.beginPath()
    brush.arc(0, 0, markerRadiusPx / 2, 0, 2 * Math.PI)
    brush.fill()
  }
}

/** At 0, 0: how many there are, and on its edge the share of those of whom nothing was heard for long. */
export function drawCluster(
  brush: CanvasRenderingContext2D,
  { count, staleShare }: { count: number; staleShare: number },
  palette: Palette,
): void {
  const radius = clusterRadiusPx(count)
  const isStale = staleShare >= 1
  const colour = isStale ? palette.stale : palette.active
  brush.beginPath()
  brush.arc(0, 0, radius + 5, 0, 2 * Math.PI)
  brush.globalAlpha = 0.24
  brush.fillStyle = colour
  brush.fill()
  brush.globalAlpha = 1
  brush.beginPath()
  brush.arc(0, 0, radius, 0, 2 * Math.PI)
  brush.fill()
  brush.lineWidth = 2
  brush.strokeStyle = palette.markerEdge
  brush.stroke()
  if (staleShare > 0 && !isStale) {
    brush.beginPath()
    brush.arc(0, 0, radius + 3, -Math.PI / 2, (2 * staleShare - 0.5) * Math.PI)
    brush.lineWidth = 3
    brush.strokeStyle = palette.stale
    brush.stroke()
  }
  brush.font = font
  brush.textAlign = 'center'
  brush.textBaseline = 'middle'
  brush.fillStyle = palette.markerEdge
  brush.fillText(String(count), 0, 0.5)
}

function clusterRadiusPx(count: number): number {
  return Math.min(22, 11 + 3.5 * Math.log10(count))
}

/** A kilometre: its number on a disc. */
export function drawMark(
  brush: CanvasRenderingContext2D,
  at: ScreenPoint,
  label: string,
  palette: Palette,
): void {
  brush.save()
  brush.font = markFont
  brush.textAlign = 'center'
  brush.textBaseline = 'middle'
  const half = Math.max(markRadiusPx, brush.measureText(label).width / 2 + 4)
  brush.beginPath()
  brush.roundRect(at.x - half, at.y - markRadiusPx, 2 * half, 2 * markRadiusPx, markRadiusPx)
  brush.fillStyle = palette.routeCasing
  brush.strokeStyle = palette.gap
  brush.lineWidth = 1
  brush.fill()
  brush.stroke()
  brush.fillStyle = palette.label
  brush.fillText(label, at.x, at.y + 0.5)
  brush.restore()
}

export function drawSpot(
  brush: CanvasRenderingContext2D,
  at: ScreenPoint,
  colour: string,
  palette: Palette,
): void {
  brush.beginPath()
  brush.arc(at.x, at.y, 4, 0, 2 * Math.PI)
  brush.lineWidth = 2
  brush.strokeStyle = palette.markerEdge
  brush.stroke()
  brush.fillStyle = colour
  brush.fill()
}

/** What a spot is, on a plate beside it. */
export function nameSpot(
  brush: CanvasRenderingContext2D,
  at: ScreenPoint,
  label: string,
  palette: Palette,
  mapWidth: number,
): void {
  brush.save()
  brush.font = font
  brush.textBaseline = 'middle'
  const width = brush.measureText(label).width + 16
  const left = at.x + 10 + width > mapWidth - 4 ? at.x - 10 - width : at.x + 10
  brush.beginPath()
  brush.roundRect(left, at.y - 13, width, 26, 6)
  brush.fillStyle = palette.label
  brush.fill()
  brush.fillStyle = palette.labelHalo
  brush.fillText(label, left + 8, at.y + 0.5)
  brush.restore()
}

/** Where the pointer of a chart is along the route. */
export function drawPointer(brush: CanvasRenderingContext2D, at: ScreenPoint, palette: Palette): void {
  brush.beginPath()
  brush.arc(at.x, at.y, 7, 0, 2 * Math.PI)
  brush.lineWidth = 3
  brush.strokeStyle = palette.markerEdge
  brush.stroke()
  brush.fillStyle = palette.pointer
  brush.fill()
}

/** Writes the labels, those that would lie on another left out: the list names every rider. */
export function nameMarkers(
  brush: CanvasRenderingContext2D,
  riders: readonly Moving[],
  palette: Palette,
  mapWidth: number,
): void {
  brush.font = font
  brush.textBaseline = 'middle'
  brush.lineJoin = 'round'
  brush.lineWidth = 3
  brush.strokeStyle = palette.labelHalo
  brush.fillStyle = palette.label
  const taken: { left: number; right: number; y: number }[] = []
  for (const { ride, x, y, isInView, isClustered } of riders) {
    const { label } = ride
    if (label === null || !isInView || isClustered) continue
    const { width } = brush.measureText(label)
    const isAtEdge = x + labelOffsetPx + width > mapWidth - 4
    const left = isAtEdge ? x - labelOffsetPx - width : x + labelOffsetPx
    const right = left + width
    if (
      taken.some((other) => Math.abs(other.y - y) < labelHeightPx && left < other.right && right > other.left)
    )
      continue
    taken.push({ left, right, y })
    brush.strokeText(label, left, y)
    brush.fillText(label, left, y)
  }
}

export function drawTail(
  brush: CanvasRenderingContext2D,
  places: readonly Place[],
  view: FlatView,
  palette: Palette,
): void {
  brush.beginPath()
  places.forEach((place, index) => {
    const { x, y } = view.project(place)
    if (index === 0) brush.moveTo(x, y)
    else brush.lineTo(x, y)
  })
  brush.lineWidth = lineWidthPx
  brush.lineCap = 'round'
  brush.lineJoin = 'round'
  brush.strokeStyle = palette.trail
  brush.stroke()
}

/** What is hidden from others; of one that is not there yet its edge is dashed, and the place itself a pin. */
export function drawCircle(
  brush: CanvasRenderingContext2D,
  at: ScreenPoint,
  { radiusPx, label, isDraft }: { radiusPx: number; label: string | null; isDraft: boolean },
  palette: Palette,
): void {
  brush.save()
  brush.beginPath()
  brush.arc(at.x, at.y, Math.max(radiusPx, 4), 0, 2 * Math.PI)
  brush.fillStyle = palette.hidden
  brush.strokeStyle = palette.hiddenEdge
  brush.globalAlpha = isDraft ? 0.12 : 0.22
  brush.fill()
  brush.globalAlpha = 1
  brush.lineWidth = 2
  if (isDraft) brush.setLineDash([6, 5])
  brush.stroke()
  brush.setLineDash([])
  if (isDraft) drawEnd(brush, at, palette.hiddenEdge, palette.markerEdge)
  if (label !== null) {
    brush.font = font
    brush.textAlign = 'center'
    brush.textBaseline = 'middle'
    brush.lineJoin = 'round'
    brush.lineWidth = 3
    brush.strokeStyle = palette.labelHalo
    brush.fillStyle = palette.label
    brush.strokeText(label, at.x, at.y)
    brush.fillText(label, at.x, at.y)
  }
  brush.restore()
}

/** Where a route begins is a ring, where it ends a dot. */
export function drawEnd(brush: CanvasRenderingContext2D, at: ScreenPoint, fill: string, edge: string): void {
  brush.beginPath()
  brush.arc(at.x, at.y, 5.5, 0, 2 * Math.PI)
  brush.lineWidth = 2.5
  brush.fillStyle = fill
  brush.strokeStyle = edge
  brush.fill()
  brush.stroke()
}

export function nameGraticule(
  brush: CanvasRenderingContext2D,
  view: FlatView,
  box: Box,
  palette: Palette,
): void {
  const lines = graticule(box, box.east - box.west)
  brush.fillStyle = palette.graticuleLabel
  brush.font = smallFont
  brush.textAlign = 'start'
  brush.textBaseline = 'alphabetic'
  // Close up a name is longer than it is to the next line: then that has none.
  let free = Number.NEGATIVE_INFINITY
  for (const { longitude, label } of lines.meridians) {
    const x = view.project([longitude, box.south]).x + 4
    if (x < free) continue
    brush.fillText(label, x, 13)
    free = x + brush.measureText(label).width + 8
  }
  for (const { latitude, label } of lines.parallels) {
    const { y } = view.project([box.west, latitude])
    // Neither over the names of the meridians nor under the scale.
    if (y > 30 && y < view.height - 36) brush.fillText(label, 6, y - 4)
  }
}

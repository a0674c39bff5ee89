/** The strokes of what moves on the overlay: how riders, their names and tails, and the pointer look. */
import type { FlatView, ScreenPoint } from './flat-view.ts'
import type { Place } from './glide.ts'
import { lineWidthPx } from './line-layers.ts'
import type { Moving, RideOnMap } from './moving-ride.ts'
import type { Palette } from './palette.ts'

export const labelFont = '600 12px system-ui, sans-serif'

interface MarkerLook {
  heading: number | null
  status: RideOnMap['status']
  isSelected: boolean
}

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
  brush.font = labelFont
  brush.textAlign = 'center'
  brush.textBaseline = 'middle'
  brush.fillStyle = palette.markerEdge
  brush.fillText(String(count), 0, 0.5)
}

function clusterRadiusPx(count: number): number {
  return Math.min(22, 11 + 3.5 * Math.log10(count))
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
  brush.font = labelFont
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

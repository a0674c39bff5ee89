/** The strokes of what stands still on the overlay: circles, a route's ends and kilometres, spots, the graticule's names. */
import { labelFont } from './brush.ts'
import type { FlatView, ScreenPoint } from './flat-view.ts'
import type { Box } from './geodesy.ts'
import { graticule } from './graticule.ts'
import type { Palette } from './palette.ts'

const smallFont = '500 10px system-ui, sans-serif'
const markFont = '600 10px system-ui, sans-serif'
const markRadiusPx = 8

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
  brush.font = labelFont
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
    brush.font = labelFont
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

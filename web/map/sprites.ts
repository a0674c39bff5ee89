/**
 * Markers and clusters as pictures that are made once: to copy a picture costs a hundredth of what it takes to draw its outline
 * anew, and there are a thousand in a frame.
 */
import { drawCluster, drawMarker } from './brush.ts'
import type { ScreenPoint } from './flat-view.ts'
import type { RideOnMap } from './moving-ride.ts'
import type { Palette } from './palette.ts'

/** Directions that are told apart: one for each 7.5 degrees. */
const directions = 48
/** From the middle of a picture to its edge, in CSS pixels. */
const reachPx = 34
const mostPictures = 600

export interface Sprites {
  marker(
    brush: CanvasRenderingContext2D,
    at: ScreenPoint,
    status: RideOnMap['status'],
    heading: number | null,
    isSelected: boolean,
  ): void
  /** @param stale how many of them. */
  cluster(brush: CanvasRenderingContext2D, at: ScreenPoint, count: number, stale: number): void
}

/** @param ratio device pixels in a CSS pixel. */
export function createSprites(palette: Palette, ratio: number): Sprites {
  const pictures = new Map<number, HTMLCanvasElement>()
  const sidePx = Math.ceil(2 * reachPx * ratio)

  function picture(key: number, draw: (brush: CanvasRenderingContext2D) => void): HTMLCanvasElement {
    // Counts come and go: now and then all are thrown away, and those in use made again.
    if (pictures.size >= mostPictures) pictures.clear()
    const made = document.createElement('canvas')
    made.width = sidePx
    made.height = sidePx
    const brush = made.getContext('2d')
    if (brush !== null) {
      brush.setTransform(ratio, 0, 0, ratio, sidePx / 2, sidePx / 2)
      draw(brush)
    }
    pictures.set(key, made)
    return made
  }

  function put(brush: CanvasRenderingContext2D, made: HTMLCanvasElement, at: ScreenPoint): void {
    brush.drawImage(
      made,
      at.x - sidePx / ratio / 2,
      at.y - sidePx / ratio / 2,
      sidePx / ratio,
      sidePx / ratio,
    )
  }

  return {
    marker(brush, at, status, heading, isSelected) {
      const isPointing = heading !== null && status !== 'paused'
      const direction = isPointing ? Math.round((heading / 360) * directions) % directions : directions
      const key = (direction * statuses.length + statuses.indexOf(status)) * 2 + (isSelected ? 1 : 0)
      let made = pictures.get(key)
      if (made === undefined) {
        const shown = isPointing ? (direction / directions) * 360 : null
        made = picture(key, (on) => drawMarker(on, { status, heading: shown, isSelected }, palette))
      }
      put(brush, made, at)
    },
    cluster(brush, at, count, stale) {
      const eighths = Math.round((stale / count) * 8)
      const key = -1 - (count * 9 + eighths)
      let made = pictures.get(key)
      made ??= picture(key, (on) => drawCluster(on, { count, staleShare: eighths / 8 }, palette))
      put(brush, made, at)
    },
  }
}

const statuses: readonly RideOnMap['status'][] = ['active', 'paused', 'stale']

/** The upper canvas: riders, what is behind them up to the trail, the pointer of a chart, and the name of the spot that is pointed at. */
import { drawPointer, drawTail, nameMarkers } from './brush.ts'
import type { FlatView, ScreenPoint } from './flat-view.ts'
import type { Place } from './glide.ts'
import { createOverlayCanvas } from './overlay-canvas.ts'
import type { Palette } from './palette.ts'
import type { Riders, ShownCluster } from './riders.ts'
import type { Spot } from './spots.ts'
import { createSprites } from './sprites.ts'
import { nameSpot } from './still-brush.ts'
import type { Trails } from './trails.ts'

export interface RidersOverlay {
  draw(view: FlatView, shown: { pointer: Place | null; named: Spot | null }): void
  setPalette(palette: Palette): void
  /** What is under a point of the map as it was last drawn. */
  at(x: number, y: number): { rideId: string } | { cluster: ShownCluster } | null
  remove(): void
}

/** A finger is wider than a marker. */
const hitRadiusPx = 18

export function createRidersOverlay(
  container: HTMLElement,
  riders: Riders,
  trails: Trails,
  firstPalette: Palette,
): RidersOverlay {
  const canvas = createOverlayCanvas(container)
  const point: ScreenPoint = { x: 0, y: 0 }
  let palette = firstPalette
  let ratio = window.devicePixelRatio
  let sprites = createSprites(palette, ratio)

  function drawRiders(brush: CanvasRenderingContext2D, view: FlatView): void {
    for (const rideId of trails.rideIds()) {
      const moving = riders.find(rideId)
      if (moving === undefined) continue
      const { at, glide } = moving
      const tail = trails.tail(rideId, at.place, glide.path.length - at.passed)
      if (tail.length > 1) drawTail(brush, tail, view, palette)
    }
    const selected = riders.selected()
    for (const moving of riders.all()) {
      if (!moving.isInView || moving.isClustered || moving.ride.rideId === selected) continue
      sprites.marker(brush, moving, moving.ride.status, moving.at.heading, false)
    }
    for (const { x, y, members, stale } of riders.clusters()) {
      point.x = x
      point.y = y
      sprites.cluster(brush, point, members.length, stale)
    }
    const chosen = selected === null ? undefined : riders.find(selected)
    if (chosen !== undefined) sprites.marker(brush, chosen, chosen.ride.status, chosen.at.heading, true)
    nameMarkers(brush, riders.all(), palette, view.width)
  }

  return {
    draw(view, { pointer, named }) {
      const isEmpty = riders.all().length === 0 && pointer === null && named === null
      canvas.hide(isEmpty)
      if (isEmpty) return
      if (ratio !== window.devicePixelRatio) {
        ratio = window.devicePixelRatio
        sprites = createSprites(palette, ratio)
      }
      const brush = canvas.wipe(view.width, view.height)
      if (brush === null) return
      drawRiders(brush, view)
      if (pointer !== null) drawPointer(brush, view.project(pointer), palette)
      if (named !== null) nameSpot(brush, view.project(named.place), named.label, palette, view.width)
    },
    setPalette(next) {
      palette = next
      sprites = createSprites(palette, ratio)
    },
    at(x, y) {
      let best: { rideId: string } | { cluster: ShownCluster } | null = null
      let bestPx = hitRadiusPx
      for (const cluster of riders.clusters()) {
        const distancePx = Math.hypot(cluster.x - x, cluster.y - y)
        if (distancePx > bestPx) continue
        best = { cluster }
        bestPx = distancePx
      }
      for (const { isInView, isClustered, x: left, y: top, ride } of riders.all()) {
        if (!isInView || isClustered) continue
        const distancePx = Math.hypot(left - x, top - y)
        if (distancePx > bestPx) continue
        best = { rideId: ride.rideId }
        bestPx = distancePx
      }
      return best
    },
    remove: canvas.remove,
  }
}

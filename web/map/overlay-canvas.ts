/**
 * A canvas of our own above the map, because markers that glide move with every frame. As elements they would be laid out, as
 * features of the map re-tiled, each frame; here thousands are a few milliseconds, in the system's own font, the same above
 * either map library.
 */
export interface OverlayCanvas {
  /** Clean, and as large as the map; null where it cannot be drawn on. */
  wipe(width: number, height: number): CanvasRenderingContext2D | null
  /** One that shows nothing need not be laid over the map with every frame. */
  hide(isHidden: boolean): void
  remove(): void
}

export function createOverlayCanvas(container: HTMLElement): OverlayCanvas {
  const canvas = document.createElement('canvas')
  canvas.className = 'map-overlay'
  canvas.setAttribute('aria-hidden', 'true')
  canvas.hidden = true
  container.append(canvas)

  return {
    wipe(width, height) {
      const brush = canvas.getContext('2d')
      if (brush === null) return null
      const ratio = window.devicePixelRatio
      const [deviceWidth, deviceHeight] = [Math.round(width * ratio), Math.round(height * ratio)]
      if (canvas.width !== deviceWidth || canvas.height !== deviceHeight) {
        canvas.width = deviceWidth
        canvas.height = deviceHeight
      }
      brush.setTransform(ratio, 0, 0, ratio, 0, 0)
      brush.clearRect(0, 0, width, height)
      return brush
    },
    hide(isHidden) {
      if (canvas.hidden !== isHidden) canvas.hidden = isHidden
    },
    remove: () => canvas.remove(),
  }
}

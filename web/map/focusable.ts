/**
 * The map for who has no pointer: it is stepped upon with Tab, moved by the arrow keys and zoomed by + and −. The libraries listen
 * to keys around their canvas, and would have the canvas itself stepped upon and named, which tells nothing: what it shows is told in
 * words by the page beside it.
 */
export function makeFocusable(around: HTMLElement, canvas: HTMLCanvasElement): void {
  canvas.removeAttribute('role')
  canvas.removeAttribute('aria-label')
  canvas.setAttribute('aria-hidden', 'true')
  canvas.tabIndex = -1
  around.tabIndex = 0
  around.setAttribute('role', 'application')
  around.setAttribute('aria-label', 'Map: arrow keys move it, plus and minus zoom')
}

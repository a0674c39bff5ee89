/** What the map was brought to show. It shows it again whenever it gets another size, until somebody moves it. */
import type { Engine } from './engine.ts'
import type { Box } from './geodesy.ts'
import { unwrapBox } from './unwrap.ts'

export interface FramingOptions {
  animate: boolean
  maxZoom?: number
}

export interface Framing {
  show(box: Box, options: FramingOptions): void
  /** The map has another size. */
  showAgain(): void
  /** The map looks elsewhere from now on. */
  leave(): void
}

const usualMaxZoom = 16
const paddingPx = 48
/** Of the map's shorter side: a ride that was just framed stands well inside of where the map follows it. */
const paddingShare = 0.12
/** What lies along the right edge of the map: its buttons. */
const controlsPx = 64
const flightMs = 700

export function createFraming(
  container: HTMLElement,
  engine: Pick<Engine, 'fitBounds'>,
  isCalm: () => boolean,
): Framing {
  let framed: { readonly box: Box; readonly maxZoom: number } | null = null

  function fit(durationMs: number): void {
    if (framed === null) return
    const side = Math.min(container.clientWidth, container.clientHeight)
    const padding = Math.max(paddingPx, paddingShare * side)
    engine.fitBounds(unwrapBox(framed.box), {
      paddingPx: { top: padding, right: Math.max(padding, controlsPx), bottom: padding, left: padding },
      maxZoom: framed.maxZoom,
      durationMs,
    })
  }

  return {
    show(box, { animate, maxZoom = usualMaxZoom }) {
      framed = { box, maxZoom }
      fit(animate && !isCalm() ? flightMs : 0)
    },
    showAgain: () => fit(0),
    leave() {
      framed = null
    },
  }
}

/** What the map was brought to show. It shows it again whenever it gets another size, until somebody moves it. */
import type { Engine } from './engine.ts'
import type { Box } from './geodesy.ts'
import type { Room } from './room.ts'
import { unwrapBox } from './unwrap.ts'

export interface FramingOptions {
  animate: boolean
  maxZoom?: number
}

export interface Framing {
  show(box: Box, options: FramingOptions): void
  /** The map has another size, or other room. */
  showAgain(options: { animate: boolean }): void
  /** At once, though it may be on its way there. */
  arrive(): void
  /** The map looks elsewhere from now on. */
  leave(): void
  /** It is on its way there: whoever moves it now would have it stop halfway. */
  isFlying(): boolean
}

const usualMaxZoom = 16
const paddingPx = 48
/** Of the shorter side of the room: a ride that was just framed stands well inside of where the map follows it. */
const paddingShare = 0.12
/** What lies along the right edge of the map: its buttons. */
const controlsPx = 64
const flightMs = 700

export function createFraming(
  container: HTMLElement,
  engine: Pick<Engine, 'fitBounds'>,
  roomNow: () => Room,
  isCalm: () => boolean,
): Framing {
  let framed: { readonly box: Box; readonly maxZoom: number } | null = null
  let arrivesMs = Number.NEGATIVE_INFINITY

  function fit(durationMs: number): void {
    if (framed === null) return
    const { left, top, right, bottom } = roomNow()
    const side = Math.min(right - left, bottom - top)
    const padding = Math.min(Math.max(paddingPx, paddingShare * side), side / 3)
    const controls = Math.max(padding, Math.min(controlsPx, side / 3))
    engine.fitBounds(unwrapBox(framed.box), {
      paddingPx: {
        top: top + padding,
        right: container.clientWidth - right + controls,
        bottom: container.clientHeight - bottom + padding,
        left: left + padding,
      },
      maxZoom: framed.maxZoom,
      durationMs,
    })
    arrivesMs = performance.now() + durationMs
  }

  return {
    show(box, { animate, maxZoom = usualMaxZoom }) {
      framed = { box, maxZoom }
      fit(animate && !isCalm() ? flightMs : 0)
    },
    showAgain: ({ animate }) => fit(animate && !isCalm() ? flightMs : 0),
    arrive: () => fit(0),
    leave() {
      framed = null
      arrivesMs = Number.NEGATIVE_INFINITY
    },
    isFlying: () => performance.now() < arrivesMs,
  }
}

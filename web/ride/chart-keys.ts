/**
 * What a key does on the charts.
 *
 * Pure.
 */
import { type Stretch, stretchBetween } from './stretch.ts'

export interface Standing {
  readonly index: number
  /** Of all samples. */
  readonly last: number
  readonly stretch: Stretch | null
}

/** So many presses of an arrow, and of page up or down, from one end to the other. */
const arrows = 200
const pages = 10

/** Undefined where the key is for somebody else. */
export function keyPressed(
  { key, shiftKey }: { readonly key: string; readonly shiftKey: boolean },
  { index, last, stretch }: Standing,
): Pick<Standing, 'index' | 'stretch'> | undefined {
  if (key === 'Escape') return stretch === null ? undefined : { index, stretch: null }
  const to = target(key, index, last)
  if (to === undefined) return undefined
  if (!shiftKey) return { index: to, stretch }
  // The end that one does not stand at stays.
  const anchor = stretch === null ? index : stretch.from === index ? stretch.to : stretch.from
  return { index: to, stretch: anchor === to ? null : stretchBetween(anchor, to) }
}

function target(key: string, index: number, last: number): number | undefined {
  const step = Math.max(1, Math.round(last / arrows))
  const page = Math.max(1, Math.round(last / pages))
  const within = (to: number) => Math.min(last, Math.max(0, to))
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return within(index - step)
    case 'ArrowRight':
    case 'ArrowUp':
      return within(index + step)
    case 'PageDown':
      return within(index - page)
    case 'PageUp':
      return within(index + page)
    case 'Home':
      return 0
    case 'End':
      return last
    default:
      return undefined
  }
}

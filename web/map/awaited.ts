/** What is not in the map's picture yet. It is seen with each frame that is drawn, so nothing has to be asked in between. */
import { type Cell, createCell } from '../state/cell.ts'
import type { Engine } from './engine.ts'
import type { Saying } from './saying.ts'

/** The map itself, or the route or routes that were set. */
export type Missing = 'map' | 'route' | 'routes'

export interface Awaited {
  readonly missing: Pick<Cell<Missing | null>, 'get' | 'subscribe'>
  /** All of the map is drawn anew. */
  awaitMap(): void
  /** Null: no lines are shown, or none that are news. */
  awaitLines(due: 'route' | 'routes' | null): void
  /** A frame was drawn. */
  look(engine: Pick<Engine, 'isDrawn' | 'areDrawn'>): void
}

export function createAwaited(say: Saying['say']): Awaited {
  const missing = createCell<Missing | null>('map')
  let isMapDue = true
  let lines: 'route' | 'routes' | null = null
  say('missing', 'map')

  function tell(): void {
    const first = isMapDue ? 'map' : lines
    if (first === missing.get()) return
    missing.set(first)
    say('missing', first)
  }

  return {
    missing,
    awaitMap() {
      isMapDue = true
      tell()
    },
    awaitLines(due) {
      lines = due
      tell()
    },
    look(engine) {
      if (isMapDue && engine.isDrawn()) isMapDue = false
      if (lines !== null && engine.areDrawn(lines === 'route' ? ['casing', 'route'] : ['routes']))
        lines = null
      tell()
    },
  }
}

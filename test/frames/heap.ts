/** The memory of a page's scripts, once all that is garbage is gone. */
import type { CDPSession, Page } from 'playwright-core'
import { median } from '../bench/rounds.ts'

export interface HeapProbe {
  /** Bytes. */
  readonly look: () => Promise<number>
}

export async function probeHeap(page: Page): Promise<HeapProbe> {
  const session: CDPSession = await page.context().newCDPSession(page)
  return {
    look: async () => {
      // Finalisers of the first run let go of what the second collects.
      for (let run = 0; run < 2; run++) await session.send('HeapProfiler.collectGarbage')
      return (await session.send('Runtime.getHeapUsage')).usedSize
    },
  }
}

export interface Flatness {
  /** Bytes: medians of the second and the last third; the first third warms up. */
  readonly second: number
  readonly last: number
  readonly isFlat: boolean
}

/** What rides that go on add, their trails for one, is no leak below this. */
const mostGrowth = 1.1

export function flatnessOf(heaps: readonly number[]): Flatness {
  const third = Math.max(1, Math.floor(heaps.length / 3))
  const last = median(heaps.slice(-third))
  const second = median(heaps.slice(-2 * third, -third).length > 0 ? heaps.slice(-2 * third, -third) : heaps)
  return { second, last, isFlat: last <= second * mostGrowth }
}

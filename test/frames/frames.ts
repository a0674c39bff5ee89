/** Frames of a page: counted in it, second by second, and what its main thread was busy with for too long. */
import type { Page } from 'playwright-core'
import { quantile } from '../bench/quantile.ts'

export interface Counted {
  /** Frames in each whole second. */
  readonly frames: readonly number[]
  /** How long each task was that held up the page for over 50 ms, in milliseconds. */
  readonly longTasks: readonly number[]
}

export interface Smoothness {
  /** Frames a second. */
  readonly median: number
  /** Of the seconds, one in twenty had no more. */
  readonly fifth: number
  readonly worst: number
  readonly longTasks: number
  /** Milliseconds. */
  readonly longestTask: number
}

/** Before the page is opened. */
export async function countFrames(page: Page): Promise<void> {
  await page.addInitScript(`
    window.counted = { frames: [], longTasks: [] }
    let second = Math.ceil(performance.now() / 1000)
    let inSecond = 0
    requestAnimationFrame(function count(now) {
      requestAnimationFrame(count)
      // A second without a frame counts too.
      for (; now >= (second + 1) * 1000; second++) {
        window.counted.frames.push(inSecond)
        inSecond = 0
      }
      if (now >= second * 1000) inSecond++
    })
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.counted.longTasks.push(duration)
    }).observe({ type: 'longtask' })
  `)
}

/** What was counted since it was last taken. */
export function takeCounted(page: Page): Promise<Counted> {
  return page.evaluate<Counted>(`(() => {
    const { frames, longTasks } = window.counted
    window.counted = { frames: [], longTasks: [] }
    return { frames, longTasks }
  })()`)
}

export function smoothnessOf({ frames, longTasks }: Counted): Smoothness {
  return {
    median: quantile(frames, 0.5),
    fifth: quantile(frames, 0.05),
    worst: quantile(frames, 0),
    longTasks: longTasks.length,
    longestTask: longTasks.length === 0 ? 0 : Math.max(...longTasks),
  }
}

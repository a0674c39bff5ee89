/**
 * How long to wait before trying again: "full jitter" over a doubling ceiling, so that the pages that lost one
 * server do not all come back in the same instant.
 */
const firstCeilingMs = 500
/** Longer than this and a watcher believes that nothing is being tried. */
const lastCeilingMs = 15_000
/** Never a busy loop, however the dice fall. */
const floorMs = 150

/**
 * @param attempt 0 for the first retry.
 * @param random in [0, 1).
 * @returns milliseconds.
 */
export function backoffMs(attempt: number, random: number): number {
  const ceilingMs = Math.min(lastCeilingMs, firstCeilingMs * 2 ** Math.min(attempt, 16))
  return Math.round(floorMs + random * (ceilingMs - floorMs))
}

/** A wait that can be cut short: by a click on "Retry now", or by the network coming back. */
export interface Wait {
  /** Resolves after `milliseconds`, or at the next `wake`. */
  forMs(milliseconds: number): Promise<void>
  wake(): void
}

export function createWait(): Wait {
  const sleeping = new Set<() => void>()
  return {
    forMs: (milliseconds) =>
      new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer)
          sleeping.delete(end)
          resolve()
        }
        const timer = setTimeout(end, milliseconds)
        sleeping.add(end)
      }),
    wake() {
      for (const end of [...sleeping]) end()
    },
  }
}

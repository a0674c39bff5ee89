/**
 * Whether the machine slept. The page's steady clock stands still then, and the wall clock goes on: where the one has come
 * further than the other, that is how long. So does a wall clock that somebody sets; what is made of it is checked with the server.
 */
export interface SleepWatch {
  /** Milliseconds slept since this was asked last, or since the watch was made; 0: none. */
  sleptMs(steadyMs: number, wallMs: number): number
}

/** Wall clocks are set right by less, all the time. */
const leastSleepMs = 2_000

export function createSleepWatch(steadyMs: number, wallMs: number): SleepWatch {
  let ahead = wallMs - steadyMs
  return {
    sleptMs(steadyNowMs, wallNowMs) {
      const before = ahead
      ahead = wallNowMs - steadyNowMs
      const slept = ahead - before
      return slept >= leastSleepMs ? slept : 0
    },
  }
}

/**
 * How long to rest between two looks at the log. While little comes in, not at all: somebody may wait for just that. The more
 * comes in, the longer: what a batch costs beside its events is the same for one event and for a thousand, and at full load
 * it is the machine's to answer commands with.
 */

export interface Pace {
  /** Takes in how many events a look has found. */
  found(events: number): void
  /** Milliseconds to rest before the next look. */
  rest(): number
}

export interface PaceOptions {
  /** Milliseconds to rest at most. */
  readonly longestMs: number
  /** Events a second: up to so many there is no rest, */
  readonly little: number
  /** and from so many on the longest. */
  readonly much: number
  /** Milliseconds, from anywhere. */
  readonly now: () => number
}

/** What came in a while ago says little of what will: so many milliseconds, and two thirds are forgotten. */
const memoryMs = 500

export function createPace({ longestMs, little, much, now }: PaceOptions): Pace {
  let at = now()
  let remembered = 0
  function forget(): void {
    const passedMs = now() - at
    at += passedMs
    remembered *= Math.exp(-passedMs / memoryMs)
  }
  return {
    found(events) {
      forget()
      remembered += events
    },
    rest() {
      forget()
      const rate = (remembered * 1_000) / memoryMs
      return longestMs * Math.min(1, Math.max(0, (rate - little) / (much - little)))
    },
  }
}

/**
 * How many events a batch takes. One that is far behind takes the more at once the faster they go, so that what a batch costs by
 * itself is little beside them; and few where each is much work, for whoever waits for the checkpoint waits for the batch, and
 * all that a batch holds is in memory.
 */
export interface Width {
  /** Events. */
  readonly now: number
  /** A full batch was applied, in so many milliseconds. */
  took(ms: number): void
  /** A batch of so many has failed: the next ones are half as large, until one event stands alone. */
  narrow(events: number): void
  /** A batch was applied: what was narrowed is doubled, up to what it was. */
  widen(): void
  readonly isNarrowed: boolean
}

const shortMs = 120
const longMs = 400
const mostTimes = 4
const fewest = 5

export function createWidth(ordinary: number): Width {
  let whole = ordinary
  let now = ordinary
  return {
    get now() {
      return now
    },
    get isNarrowed() {
      return now < whole
    },
    took(ms) {
      if (now < whole) return
      if (ms < shortMs) whole = Math.min(whole * 2, ordinary * mostTimes)
      else if (ms > longMs) whole = Math.max(whole >> 1, fewest)
      now = whole
    },
    narrow(events) {
      now = Math.max(1, events >> 1)
    },
    widen() {
      now = Math.min(whole, now * 2)
    },
  }
}

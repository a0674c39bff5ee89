/**
 * The server's clock, as the page knows it. The browser's own may be wrong by hours; what is used of it is only how fast it runs.
 *
 * It is read from the `Date` of an answer, which names whole seconds: it was told between asking and answer, so each of them sets
 * bounds, and the clock lies in the middle of what all of them leave (as in Marzullo's algorithm, with one source). An answer that
 * took long says little, and spoils nothing. One that is at odds with those before it counts alone: clocks are set, too. Besides,
 * nothing can be told before it happened: what the newest ride of a snapshot says of itself is a time that has come.
 */
export interface ServerClock {
  /** Milliseconds since 1970 at a moment of the steady clock. */
  at(steadyMs: number): number
  /** Something happened at `serverMs`, and is known here. */
  happened(serverMs: number, steadyMs: number): void
  /** The steady clock stood still for so long. */
  stoodStill(forMs: number): void
  /** An answer that was asked for and came at these moments of the steady clock named this second. */
  answered(secondMs: number, askedMs: number, cameMs: number): void
}

const secondLastsMs = 1_000

export function createServerClock(): ServerClock {
  /** What is added to the steady clock lies between these. */
  let least = Number.NEGATIVE_INFINITY
  let most = Number.POSITIVE_INFINITY

  function ahead(): number {
    if (least === Number.NEGATIVE_INFINITY) return 0
    return most === Number.POSITIVE_INFINITY ? least : (least + most) / 2
  }

  return {
    at: (steadyMs) => steadyMs + ahead(),
    happened(serverMs, steadyMs) {
      if (!Number.isFinite(serverMs)) return
      least = Math.max(least, serverMs - steadyMs)
      if (least > most) most = Number.POSITIVE_INFINITY
    },
    stoodStill(forMs) {
      least += forMs
      most += forMs
    },
    answered(secondMs, askedMs, cameMs) {
      if (!Number.isFinite(secondMs)) return
      const [from, to] = [secondMs - cameMs, secondMs + secondLastsMs - askedMs]
      const isAtOdds = from > most || to < least
      least = isAtOdds ? from : Math.max(least, from)
      most = isAtOdds ? to : Math.min(most, to)
    },
  }
}

/** Asks the server for its time. Where it does not answer, or says none, nothing is learned. */
export async function readServerClock(clock: ServerClock, signal: AbortSignal): Promise<void> {
  const askedMs = performance.now()
  try {
    const { headers } = await fetch('/healthz', { cache: 'no-store', signal })
    const date = headers.get('date')
    if (date !== null) clock.answered(Date.parse(date), askedMs, performance.now())
  } catch (fault) {
    if (!(fault instanceof TypeError) && !(fault instanceof DOMException)) throw fault
  }
}

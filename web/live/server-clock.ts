/**
 * The server's clock, as the page knows it. The browser's own may be wrong by hours; what is used of it is only how fast it runs.
 *
 * It is read from the `Date` of an answer, which names whole seconds. Besides, nothing can be told before it happened: what the
 * newest ride of a snapshot says of itself is a time that has come.
 */
export interface ServerClock {
  /** Milliseconds since 1970 at a moment of the steady clock. */
  at(steadyMs: number): number
  /** Something happened at `serverMs`, and is known here. */
  happened(serverMs: number, steadyMs: number): void
  /** The steady clock stood still for so long. */
  stoodStill(forMs: number): void
  /** An answer that was asked for and came at these moments named this second. */
  answered(secondMs: number, askedMs: number, cameMs: number): void
}

const halfSecondMs = 500

export function createServerClock(): ServerClock {
  /** What is added to the steady clock; null: nothing is known. */
  let ahead: number | null = null

  return {
    at: (steadyMs) => steadyMs + (ahead ?? 0),
    happened(serverMs, steadyMs) {
      if (Number.isFinite(serverMs)) ahead = Math.max(ahead ?? Number.NEGATIVE_INFINITY, serverMs - steadyMs)
    },
    stoodStill(forMs) {
      if (ahead !== null) ahead += forMs
    },
    answered(secondMs, askedMs, cameMs) {
      if (!Number.isFinite(secondMs)) return
      ahead = secondMs + halfSecondMs - (askedMs + cameMs) / 2
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

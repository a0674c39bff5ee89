/** One tab records and sends; others of the same browser wait until it is closed, or take over from it. */

export interface OneTab {
  /** Takes over from the tab that records, which lets go by itself; where this one records it begins anew. */
  takeOver(): void
  /** Begins anew what was begun, where as far as is known this tab still records. False: it does not, or nobody can know. */
  beginAnew(): boolean
}

const lockName = 'slipstream-recorder'

/** Browsers have locks where they have positions: on pages that came by https. */
const locksHere = () => ('locks' in navigator ? navigator.locks : undefined)

/**
 * @param begin is called when this tab may record, with a signal that ends it: whatever was begun before has been told to end.
 * @param wait is called when another one does.
 */
export function asOneTab(
  begin: (signal: AbortSignal) => void,
  wait: () => void,
  locks: Pick<LockManager, 'request'> | undefined = locksHere(),
): OneTab {
  let recording = new AbortController()
  let asking = new AbortController()
  let turns = 0
  let isTakingOver = false
  let isHeld = false

  function start(): void {
    recording.abort()
    recording = new AbortController()
    begin(recording.signal)
  }

  /** Each is the only one of this tab: whatever it asked for before is given up. */
  async function ask(locked: Pick<LockManager, 'request'>, options: LockOptions): Promise<void> {
    turns += 1
    const turn = turns
    asking.abort()
    asking = new AbortController()
    const isQueued = options.steal !== true && options.ifAvailable !== true
    try {
      await locked.request(
        lockName,
        { ...options, ...(isQueued && { signal: asking.signal }) },
        (lock): Promise<never> | undefined => {
          isTakingOver = false
          if (lock === null || turn !== turns) return undefined
          isHeld = true
          start()
          return new Promise<never>(() => {})
        },
      )
    } catch {
      // Another tab took over, or this one asks anew.
    }
    if (turn !== turns) return
    isHeld = false
    recording.abort()
    wait()
    await ask(locked, {})
  }

  if (locks === undefined) {
    start()
    return { takeOver: start, beginAnew: () => false }
  }
  void ask(locks, { ifAvailable: true })
  return {
    takeOver() {
      if (isTakingOver) return
      isTakingOver = true
      void ask(locks, { steal: true })
    },
    beginAnew() {
      if (!isHeld) return false
      start()
      return true
    },
  }
}

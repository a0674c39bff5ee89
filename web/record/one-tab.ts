/** One tab records and sends; others of the same browser wait until it is closed, or take over from it. */

export interface OneTab {
  /** Takes over from the tab that records; it lets go by itself. */
  takeOver(): void
}

const lockName = 'slipstream-recorder'

/**
 * @param begin is called when this tab may record, with a signal that ends it.
 * @param wait is called when another one does.
 */
export function asOneTab(begin: (signal: AbortSignal) => void, wait: () => void): OneTab {
  // Browsers have locks where they have positions: on pages that came by https.
  if (!('locks' in navigator)) {
    begin(new AbortController().signal)
    return { takeOver: () => undefined }
  }
  let isHeld = false

  async function ask(options: LockOptions): Promise<boolean> {
    const held = new AbortController()
    let wasGranted = false
    try {
      await navigator.locks.request(lockName, options, (lock) => {
        if (lock === null || isHeld) return undefined
        wasGranted = true
        isHeld = true
        begin(held.signal)
        return new Promise(() => {})
      })
    } catch {
      // Another tab took over.
      isHeld = false
      held.abort()
    }
    return wasGranted
  }

  async function queue(options: LockOptions): Promise<void> {
    const wasGranted = await ask(options)
    if (isHeld) return
    wait()
    if (wasGranted || options.ifAvailable === true) await queue({})
  }

  void queue({ ifAvailable: true })
  return { takeOver: () => void queue({ steal: true }) }
}

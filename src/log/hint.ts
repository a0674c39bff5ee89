/** A hint that there may be something to do: remembered while nobody waits, and backed by a slow poll. */
export interface Hint {
  give(): void
  /**
   * Resolves at a hint (at once where one came since the last wait), after `timeoutMs`, or when `signal` aborts: to whether it
   * was a hint.
   */
  wait(timeoutMs: number, signal: AbortSignal): Promise<boolean>
}

/** Resolves after `timeoutMs`, or when `signal` aborts, and for nothing else. */
export async function pause(timeoutMs: number, signal: AbortSignal): Promise<void> {
  await createHint().wait(timeoutMs, signal)
}

export function createHint(): Hint {
  let given = false
  let wake: (() => void) | undefined
  return {
    give() {
      given = true
      wake?.()
    },
    wait(timeoutMs, signal) {
      return new Promise((resolve) => {
        if (given || signal.aborted) {
          resolve(given)
          given = false
          return
        }
        const timer = setTimeout(done, timeoutMs)
        signal.addEventListener('abort', done)
        wake = done
        function done() {
          clearTimeout(timer)
          signal.removeEventListener('abort', done)
          wake = undefined
          resolve(given)
          given = false
        }
      })
    },
  }
}

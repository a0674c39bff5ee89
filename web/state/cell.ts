/**
 * A cell holds one immutable value and tells its readers when it was replaced.
 *
 * Feeds, the connection and the list change outside React, many times a second; a cell lets them, and lets a
 * component read exactly the one it shows (`useCell`).
 */
export interface Cell<Value> {
  get(): Value
  /** Replaces the value; the same value again tells nobody. */
  set(value: Value): void
  /** Calls `listener` after each replacement until the returned function is called. */
  subscribe(listener: () => void): () => void
}

export function createCell<Value>(initial: Value): Cell<Value> {
  let current = initial
  const listeners = new Set<() => void>()
  return {
    get: () => current,
    set(value) {
      if (Object.is(value, current)) return
      current = value
      for (const listener of [...listeners]) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

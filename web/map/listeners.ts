/** Those who want to be told of something. */
export interface Listeners<Told extends readonly unknown[]> {
  /** Ends what it returns. */
  add(listener: (...told: Told) => void): () => void
  tell(...told: Told): void
}

export function createListeners<Told extends readonly unknown[]>(): Listeners<Told> {
  const listeners = new Set<(...told: Told) => void>()
  return {
    add(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    tell(...told) {
      for (const listener of [...listeners]) listener(...told)
    },
  }
}

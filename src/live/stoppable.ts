/** Leaving a generator that waits. */

/** A generator that waits does not hear `return`: this one is woken first, so that an unsubscribed feed ends at once. */
export function stoppable<T>(
  generator: AsyncGenerator<T, void, undefined>,
  aborter: AbortController,
  onEnd: () => void,
): AsyncIterableIterator<T, void, undefined> {
  async function ending(result: Promise<IteratorResult<T, void>>): Promise<IteratorResult<T, void>> {
    try {
      const settled = await result
      if (settled.done) onEnd()
      return settled
    } catch (error) {
      onEnd()
      throw error
    }
  }
  return {
    next: () => ending(generator.next()),
    return() {
      aborter.abort()
      return ending(generator.return())
    },
    throw(error) {
      aborter.abort()
      return ending(generator.throw(error))
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

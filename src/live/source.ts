/**
 * Sources: what a subscription pulls from. A subscriber is a sink that takes one item after the other, at once and without
 * a promise between, and says when it takes no more; so the items that come reach many sinks in one pass. Who wants to
 * wait for them one by one iterates over the source instead.
 *
 *   begin ─► resume ─► take ─► true: the next one, when there is one ──┐
 *              ▲         ▲                                             │
 *              │         └─────────────────────────────────────────────┘
 *              └─────── false: it was not taken, and is offered again (or what has taken its place)
 */
export interface Source<Item> extends AsyncIterable<Item, void, undefined> {
  /** What it is of: items of one topic, key and rights are the same, whoever is given them. */
  readonly topic: string
  /** Nothing is given before `resume`. */
  begin(sink: Sink<Item>): Flow
}

export interface Sink<Item> {
  /**
   * @param key which one of the topic's items it is.
   * @param rights what is shown of it, as a class of viewers who are shown the same.
   * @returns whether it was taken; if not, nothing more is given until `resume`.
   */
  take(item: Item, key: string | number, rights: string): boolean
  /** Nothing more comes: it is complete, or has failed. */
  end(failure?: Failure): void
}

export interface Failure {
  readonly error: unknown
}

export interface Flow {
  /** Begins, or goes on where the sink took no more. */
  resume(): void
  /** Lets go of what it has read ahead, which is read again: for a sink that will take nothing for long. */
  forget(): void
  /** Ends it at once; the sink is told nothing more. */
  stop(): void
}

interface Waiting<Item> {
  resolve(result: IteratorResult<Item, void>): void
  reject(error: unknown): void
}

const done = { done: true, value: undefined } as const

/** A source of what `begin` gives. */
export function sourceOf<Item>(topic: string, begin: Source<Item>['begin']): Source<Item> {
  return { topic, begin, [Symbol.asyncIterator]: () => iterate(begin) }
}

/** Takes an item each time one is asked for, and holds none. */
function iterate<Item>(begin: Source<Item>['begin']): AsyncIterableIterator<Item, void, undefined> {
  const waiting: Waiting<Item>[] = []
  let flow: Flow | undefined
  let isOver = false
  let failure: Failure | undefined
  const sink: Sink<Item> = {
    take(value) {
      const asked = waiting.shift()
      asked?.resolve({ done: false, value })
      return asked !== undefined
    },
    end(failed) {
      isOver = true
      const first = failed && waiting.shift()
      if (first === undefined) failure = failed
      else first.reject(failed?.error)
      leave()
    },
  }
  function leave(): void {
    isOver = true
    for (const { resolve } of waiting.splice(0)) resolve(done)
  }
  return {
    async next() {
      if (failure !== undefined) {
        const { error } = failure
        failure = undefined
        throw error
      }
      if (isOver) return done
      return new Promise<IteratorResult<Item, void>>((resolve, reject) => {
        waiting.push({ resolve, reject })
        flow ??= begin(sink)
        flow.resume()
      })
    },
    async return() {
      flow?.stop()
      leave()
      return done
    },
    async throw(error) {
      flow?.stop()
      leave()
      throw error
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

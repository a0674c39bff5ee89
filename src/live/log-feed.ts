/**
 * The log as it grows: the newest events of all streams, at most twice a second. What the tail tells is kept only as long as
 * somebody looks, and never more than one update holds: of what comes faster the newest are given, and how many were passed over.
 * A subscriber is a count of events: a slow one is given the newest when he takes more, not a queue.
 */
import type { RecordedEvent } from '#log/read.ts'
import { type Sink, type Source, sourceOf } from './source.ts'
import type { Tail } from './tail.ts'

export interface LogUpdate<Event> {
  /** Replaces all that came before. */
  readonly snapshot: boolean
  /** The newest first. */
  readonly events: readonly Event[]
  /** How many came between these and what was given before. */
  readonly notShown: number
}

export interface LogFeedSource<Event> {
  /** The newest there are, of these types or of all. */
  newest(limit: number, types: readonly string[] | undefined): Promise<readonly Event[]>
  /** The given ones, the newest first, with what the tail does not know of them. */
  described(events: readonly RecordedEvent[]): Promise<readonly Event[]>
  onFault(error: unknown): void
}

export interface LogFeed<Event> {
  /**
   * @param name the same for all who are shown the same.
   * @param types those that are wanted; all where left out.
   */
  open(name: string, types?: readonly string[]): Source<LogUpdate<Event>>
  close(): void
}

export const mostEventsOfUpdate = 50
const updateIntervalMs = 500
const longestWaitMs = 4_000

export function openLogFeed<Event>(
  tail: Pick<Tail, 'onEvent'>,
  source: LogFeedSource<Event>,
): LogFeed<Event> {
  const views = new Map<string, LogView<Event>>()
  let opened = 0

  tail.onEvent((event) => {
    if (views.size === 0) return
    for (const view of views.values()) view.hear(event)
  })

  function viewOf(types: readonly string[] | undefined): LogView<Event> {
    const name = JSON.stringify(types?.toSorted() ?? null)
    const known = views.get(name)
    if (known !== undefined) return known
    const view = new LogView(source, { number: opened++, types, onEmpty: () => views.delete(name) })
    views.set(name, view)
    return view
  }

  return {
    open: (name, types) =>
      sourceOf(`logFeed ${name} ${JSON.stringify(types ?? null)}`, (sink) => {
        const view = viewOf(types)
        view.enter(sink)
        return {
          resume: () => view.resume(sink),
          forget: () => undefined,
          stop: () => view.leave(sink),
        }
      }),
    close() {
      for (const view of [...views.values()]) view.close()
    },
  }
}

interface Subscriber<Event> {
  /** How many events had come when it was given something last. */
  seen: number
  /** Held: it takes no more for now. */
  status: 'entered' | 'reading' | 'open' | 'held'
  /** Read and not taken yet. */
  snapshot?: LogUpdate<Event>
}

interface ViewOptions {
  /** No other has it: what one is given is not taken for what another was. */
  readonly number: number
  readonly types: readonly string[] | undefined
  readonly onEmpty: () => void
}

/** What all who want the same types share. */
class LogView<Event> {
  readonly #source: LogFeedSource<Event>
  readonly #options: ViewOptions
  readonly #subscribers = new Map<Sink<LogUpdate<Event>>, Subscriber<Event>>()
  /** The newest that have come since the last update. */
  #coming: RecordedEvent[] = []
  #count = 0
  /** Up to which count they are described, and the last of them, the newest first, each with its number. */
  #described = 0
  #newest: readonly { readonly number: number; readonly event: Event }[] = []
  #timer: NodeJS.Timeout | undefined
  #isUpdating = false
  #faults = 0

  constructor(source: LogFeedSource<Event>, options: ViewOptions) {
    this.#source = source
    this.#options = options
  }

  hear(event: RecordedEvent): void {
    if (this.#options.types?.includes(event.type) === false) return
    this.#count++
    this.#coming.push(event)
    if (this.#coming.length > mostEventsOfUpdate) this.#coming.shift()
    this.#schedule()
  }

  enter(sink: Sink<LogUpdate<Event>>): void {
    this.#subscribers.set(sink, { seen: this.#count, status: 'entered' })
  }

  leave(sink: Sink<LogUpdate<Event>>): void {
    if (!this.#subscribers.delete(sink) || this.#subscribers.size > 0) return
    clearTimeout(this.#timer)
    this.#options.onEmpty()
  }

  close(): void {
    for (const sink of [...this.#subscribers.keys()]) this.#end(sink)
  }

  resume(sink: Sink<LogUpdate<Event>>): void {
    const subscriber = this.#subscribers.get(sink)
    if (subscriber?.status === 'entered') void this.#begin(sink, subscriber)
    else if (subscriber?.status === 'held') this.#give(sink, subscriber)
  }

  async #begin(sink: Sink<LogUpdate<Event>>, subscriber: Subscriber<Event>): Promise<void> {
    subscriber.status = 'reading'
    subscriber.seen = this.#count
    try {
      const events = await this.#source.newest(mostEventsOfUpdate, this.#options.types)
      subscriber.snapshot = { snapshot: true, events, notShown: 0 }
    } catch (error) {
      this.#end(sink, error)
    }
    if (this.#subscribers.has(sink)) this.#give(sink, subscriber)
  }

  #end(sink: Sink<LogUpdate<Event>>, ...error: [unknown?]): void {
    if (!this.#subscribers.has(sink)) return
    this.leave(sink)
    sink.end(error.length === 0 ? undefined : { error: error[0] })
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#isUpdating) return
    const wait = Math.min(longestWaitMs, updateIntervalMs * 2 ** this.#faults)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      void this.#update()
    }, wait)
  }

  async #update(): Promise<void> {
    this.#isUpdating = true
    const [coming, count] = [this.#coming, this.#count]
    this.#coming = []
    try {
      const events = await this.#source.described(coming)
      const added = events.map((event, index) => ({ number: count - index, event }))
      this.#newest = [...added, ...this.#newest].slice(0, mostEventsOfUpdate)
      this.#described = count
      this.#faults = 0
    } catch (error) {
      this.#coming = [...coming, ...this.#coming].slice(-mostEventsOfUpdate)
      this.#faults++
      this.#source.onFault(error)
    } finally {
      this.#isUpdating = false
    }
    for (const [sink, subscriber] of this.#subscribers) {
      if (subscriber.status === 'open') this.#give(sink, subscriber)
    }
    if (this.#coming.length > 0 && this.#subscribers.size > 0) this.#schedule()
  }

  #give(sink: Sink<LogUpdate<Event>>, subscriber: Subscriber<Event>): void {
    const { seen, snapshot } = subscriber
    const described = this.#described
    const name = `${this.#options.number} ${seen}`
    try {
      if (snapshot !== undefined) {
        subscriber.status = 'held'
        if (!sink.take(snapshot, name, '')) return
        delete subscriber.snapshot
      }
      const isTaken = described <= seen || sink.take(this.#updateFrom(seen), `${name}-${described}`, '')
      if (isTaken) subscriber.seen = Math.max(seen, described)
      subscriber.status = isTaken ? 'open' : 'held'
    } catch (error) {
      this.#end(sink, error)
    }
  }

  #updateFrom(seen: number): LogUpdate<Event> {
    const events = this.#newest.filter(({ number }) => number > seen).map(({ event }) => event)
    return { snapshot: false, events, notShown: this.#described - seen - events.length }
  }
}

/** A feed's subscriber: the version of the stream that it was given last, and whether it waits, reads, or takes no more. */
import type { RecordedEvent } from '#log/read.ts'
import type { History } from './history.ts'
import type { Failure, Flow, Sink } from './source.ts'

export interface FeedOptions {
  readonly after: number
  /** The stream's version as far as the subscriber knows: saves looking for how much there is behind `after`. */
  readonly newest?: number
  /** Behind this one the subscriber wants nothing more. */
  readonly isLast: (event: RecordedEvent) => boolean
  /** The stream's end, after which nothing of it is to be read. The same for all who watch a stream. */
  readonly isTombstone?: (event: RecordedEvent) => boolean
  /** What the subscriber may be shown of the stream; all of it, as everybody, where it is left out. */
  readonly rights?: Rights
}

/** Found anew before each event is given. */
export interface Rights {
  /** Told of each event as soon as it is known, before it or any that is older and still to come is given. */
  hear(event: RecordedEvent): void
  /** A class of viewers who are shown the same; undefined: nothing more, and the feed is complete. */
  now(): string | undefined
}

/** What all subscribers of a stream share. */
export interface Watch {
  readonly isTombstone: (event: RecordedEvent) => boolean
  readonly history: History
  readonly cursors: Set<Cursor>
  /** The newest events, of contiguous versions. */
  readonly ring: RecordedEvent[]
  /** The newest version that was heard of. */
  newest: number
  /** The tombstone's version, once it has come. */
  endsAt: number | undefined
  leave(cursor: Cursor): void
}

/** Reads that bring nothing although something is known to be there. */
const mostVainReads = 3

export class Cursor implements Flow {
  readonly #watch: Watch
  readonly #options: FeedOptions
  readonly #sink: Sink<RecordedEvent>
  #version: number
  #status: 'held' | 'giving' | 'reading' | 'waiting' | 'over' = 'held'
  /** Read from the log; others may have the same. */
  #page: readonly RecordedEvent[] | undefined
  /** Reads in a row, since it last heard something, that brought nothing. */
  #vainReads = 0

  constructor(watch: Watch, options: FeedOptions, sink: Sink<RecordedEvent>) {
    this.#watch = watch
    this.#options = options
    this.#sink = sink
    this.#version = options.after
    watch.cursors.add(this)
  }

  resume(): void {
    if (this.#status === 'held') this.#give()
  }

  forget(): void {
    this.#page = undefined
  }

  stop(): void {
    if (this.#isOver()) return
    this.#status = 'over'
    this.#page = undefined
    this.#watch.leave(this)
  }

  /** Tells the subscriber that nothing more comes. */
  end(failure?: Failure): void {
    if (this.#isOver()) return
    this.stop()
    this.#sink.end(failure)
  }

  /** The tail has come to an event of the stream. */
  hear(event: RecordedEvent): void {
    this.#options.rights?.hear(event)
    this.#vainReads = 0
    if (this.#status === 'waiting') this.#give()
  }

  /** Reads the log, where it waits for the tail. */
  look(): void {
    if (this.#status === 'waiting') void this.#read()
  }

  #give(): void {
    this.#status = 'giving'
    let isTaken: boolean
    try {
      isTaken = this.#giveWhatIsThere()
    } catch (error) {
      // It is this subscriber's alone: the others are still to be given theirs.
      this.end({ error })
      return
    }
    if (this.#isOver()) return
    if (!isTaken) this.#status = 'held'
    else if (this.#mayFindMore()) void this.#read()
    else this.#status = 'waiting'
  }

  /** Whether all was taken. */
  #giveWhatIsThere(): boolean {
    for (let event = this.#next(); event !== undefined; event = this.#next()) {
      // Read with its data, it has none any more: it was redacted, and the tombstone is to come.
      if (event.data !== null) {
        const rights = this.#rightsFor(event)
        if (rights === undefined) this.end()
        else if (!this.#sink.take(event, event.version, rights)) return false
        else if (this.#options.isLast(event) || this.#watch.isTombstone(event)) this.end()
        if (this.#isOver()) return true
      }
      this.#version = event.version
    }
    return true
  }

  /** A sink may leave while it is given something. */
  #isOver(): boolean {
    return this.#status === 'over'
  }

  #rightsFor(event: RecordedEvent): string | undefined {
    const { rights } = this.#options
    if (rights === undefined) return ''
    rights.hear(event)
    return rights.now()
  }

  /** The event that follows, from the ring where it reaches, else from what was read of the log. */
  #next(): RecordedEvent | undefined {
    const { ring } = this.#watch
    const after = this.#after()
    const followsInRing = ring[after + 1 - (ring[0]?.version ?? 0)]
    if (followsInRing !== undefined) {
      this.#page = undefined
      return followsInRing
    }
    const first = this.#page?.[0]
    const read = first && this.#page?.[Math.max(0, after + 1 - first.version)]
    if (read === undefined) this.#page = undefined
    return read
  }

  /** Before the end of a stream that has one nothing is to be given any more. */
  #after(): number {
    const { endsAt } = this.#watch
    return endsAt === undefined ? this.#version : Math.max(this.#version, endsAt - 1)
  }

  /** Behind what the ring reaches back to, the tail tells it of all that comes; and of whatever the log has not yet. */
  #mayFindMore(): boolean {
    const { ring, newest } = this.#watch
    const oldest = ring[0]
    if (oldest !== undefined && oldest.version <= this.#after() + 1) return false
    return this.#vainReads === 0 || (this.#version < newest && this.#vainReads < mostVainReads)
  }

  async #read(): Promise<void> {
    this.#status = 'reading'
    const { history, newest } = this.#watch
    // What is heard meanwhile sets it back: then the read may have been too early.
    this.#vainReads++
    try {
      this.#page = await history.behind(this.#after(), newest)
    } catch (error) {
      this.end({ error })
    }
    if (this.#isOver()) return
    if ((this.#page?.at(-1)?.version ?? 0) > this.#after()) this.#vainReads = 0
    this.#give()
  }
}

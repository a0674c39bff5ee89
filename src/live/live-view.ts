/**
 * A view of the live map: the rides as its subscribers are shown them, and since when. Each of them is at a revision, and is
 * given what changed since in one update; those at the same one are given the same. A ride that moved where they do not see it
 * has not changed: that there is news would be news.
 */
import type { Failure, Sink } from './source.ts'

export interface LiveRidesUpdate<Item> {
  /** Replaces all that came before. */
  readonly snapshot: boolean
  readonly rides: readonly Item[]
  /** Ended, deleted, or no longer the subscriber's to see. */
  readonly removed: readonly string[]
}

/** A ride of the table, and the revision in which it came to be like that. */
export interface Kept<Ride> {
  readonly ride: Ride
  readonly revision: number
}

export type Table<Ride> = ReadonlyMap<string, Kept<Ride>>

interface Subscriber {
  /** The revision that it has; before the first one it has none. */
  seen: number
  /** Entered: there is no table yet. Held: it took no more. */
  status: 'entered' | 'open' | 'held'
}

/** A ride as the subscribers are shown it; the same version is the same. */
export interface Versioned {
  readonly version: number
}

interface InView<Item> {
  /** The revisions since which it is shown without a break, and shown like that. */
  readonly since: number
  readonly changed: number
  readonly item: Item
}

/** The revisions in which a ride came into the view and left it. */
interface Left {
  readonly since: number
  readonly left: number
}

const nothingSeen = -1

export class LiveView<Ride, Item extends Versioned> {
  readonly #show: (ride: Ride) => Item | null
  readonly #onEmpty: () => void
  readonly #subscribers = new Map<Sink<LiveRidesUpdate<Item>>, Subscriber>()
  #revision = nothingSeen
  readonly #shown = new Map<string, InView<Item>>()
  readonly #left = new Map<string, Left>()
  /** Of this revision, by the one that they lead on from; null where nothing changed. */
  readonly #updates = new Map<number, LiveRidesUpdate<Item> | null>()

  constructor(show: (ride: Ride) => Item | null, onEmpty: () => void) {
    this.#show = show
    this.#onEmpty = onEmpty
  }

  enter(sink: Sink<LiveRidesUpdate<Item>>): void {
    this.#subscribers.set(sink, { seen: nothingSeen, status: 'entered' })
  }

  leave(sink: Sink<LiveRidesUpdate<Item>>): void {
    if (this.#subscribers.delete(sink) && this.#subscribers.size === 0) this.#onEmpty()
  }

  end(sink: Sink<LiveRidesUpdate<Item>>, failure?: Failure): void {
    if (!this.#subscribers.has(sink)) return
    this.leave(sink)
    sink.end(failure)
  }

  close(): void {
    for (const sink of [...this.#subscribers.keys()]) this.end(sink)
  }

  /** Gives a subscriber the table as it is. */
  begin(sink: Sink<LiveRidesUpdate<Item>>, table: Table<Ride>, revision: number): void {
    this.#moveTo(table, revision)
    const subscriber = this.#subscribers.get(sink)
    if (subscriber !== undefined) this.#give(sink, subscriber)
  }

  resume(sink: Sink<LiveRidesUpdate<Item>>): void {
    const subscriber = this.#subscribers.get(sink)
    if (subscriber?.status === 'held') this.#give(sink, subscriber)
  }

  /** Gives all who take it what is new in the table. */
  show(table: Table<Ride>, revision: number): void {
    this.#moveTo(table, revision)
    for (const [sink, subscriber] of this.#subscribers) {
      if (subscriber.status === 'open') this.#give(sink, subscriber)
    }
  }

  #give(sink: Sink<LiveRidesUpdate<Item>>, subscriber: Subscriber): void {
    const { seen } = subscriber
    try {
      const update = this.#updateFrom(seen)
      const isTaken = update === null || sink.take(update, `${seen}-${this.#revision}`, '')
      if (isTaken) subscriber.seen = this.#revision
      subscriber.status = isTaken ? 'open' : 'held'
    } catch (error) {
      this.end(sink, { error })
    }
  }

  #moveTo(table: Table<Ride>, revision: number): void {
    if (revision === this.#revision) return
    const before = this.#revision
    this.#revision = revision
    this.#updates.clear()
    for (const [rideId, shown] of this.#shown) {
      const kept = table.get(rideId)
      if (kept !== undefined && kept.revision <= before) continue
      const item = kept === undefined ? null : this.#show(kept.ride)
      if (item === null) {
        this.#shown.delete(rideId)
        this.#left.set(rideId, { since: shown.since, left: revision })
      } else if (item.version !== shown.item.version) {
        this.#shown.set(rideId, { ...shown, item, changed: revision })
      }
    }
    for (const [rideId, kept] of table) {
      if (kept.revision <= before || this.#shown.has(rideId)) continue
      const item = this.#show(kept.ride)
      if (item !== null) this.#shown.set(rideId, { since: revision, changed: revision, item })
    }
    this.#forgetLeft()
  }

  /** What everybody knows to have left. */
  #forgetLeft(): void {
    if (this.#left.size === 0) return
    let oldest = this.#revision
    for (const { seen } of this.#subscribers.values()) {
      if (seen !== nothingSeen && seen < oldest) oldest = seen
    }
    for (const [rideId, { left }] of this.#left) if (left <= oldest) this.#left.delete(rideId)
  }

  #updateFrom(seen: number): LiveRidesUpdate<Item> | null {
    const made = this.#updates.get(seen)
    if (made !== undefined) return made
    const rides: Item[] = []
    for (const { changed, item } of this.#shown.values()) if (changed > seen) rides.push(item)
    const removed: string[] = []
    for (const [rideId, { since, left }] of this.#left) {
      if (left > seen && since <= seen && !this.#shown.has(rideId)) removed.push(rideId)
    }
    const snapshot = seen === nothingSeen
    const isEmpty = !snapshot && rides.length === 0 && removed.length === 0
    const update = isEmpty ? null : { snapshot, rides, removed }
    this.#updates.set(seen, update)
    return update
  }
}

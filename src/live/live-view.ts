/**
 * A view of the live map: the rides that its subscribers are shown, and since when. Each of them is at a revision, and is
 * given what changed since in one update; those at the same one are given the same.
 */
import type { Failure, Sink } from './source.ts'

export interface LiveRidesUpdate<Ride> {
  /** Replaces all that came before. */
  readonly snapshot: boolean
  readonly rides: readonly Ride[]
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

/** The revisions in which a ride came into the view and left it. */
interface Left {
  readonly since: number
  readonly left: number
}

const nothingSeen = -1

export class LiveView<Ride> {
  readonly #includes: (ride: Ride) => boolean
  readonly #onEmpty: () => void
  readonly #subscribers = new Map<Sink<LiveRidesUpdate<Ride>>, Subscriber>()
  #table: Table<Ride> = new Map()
  #revision = nothingSeen
  /** By ride, the revision since which it is shown without a break. */
  readonly #shown = new Map<string, number>()
  readonly #left = new Map<string, Left>()
  /** Of this revision, by the one that they lead on from; null where nothing changed. */
  readonly #updates = new Map<number, LiveRidesUpdate<Ride> | null>()

  constructor(includes: (ride: Ride) => boolean, onEmpty: () => void) {
    this.#includes = includes
    this.#onEmpty = onEmpty
  }

  enter(sink: Sink<LiveRidesUpdate<Ride>>): void {
    this.#subscribers.set(sink, { seen: nothingSeen, status: 'entered' })
  }

  leave(sink: Sink<LiveRidesUpdate<Ride>>): void {
    if (this.#subscribers.delete(sink) && this.#subscribers.size === 0) this.#onEmpty()
  }

  end(sink: Sink<LiveRidesUpdate<Ride>>, failure?: Failure): void {
    if (!this.#subscribers.has(sink)) return
    this.leave(sink)
    sink.end(failure)
  }

  close(): void {
    for (const sink of [...this.#subscribers.keys()]) this.end(sink)
  }

  /** Gives a subscriber the table as it is. */
  begin(sink: Sink<LiveRidesUpdate<Ride>>, table: Table<Ride>, revision: number): void {
    this.#moveTo(table, revision)
    const subscriber = this.#subscribers.get(sink)
    if (subscriber !== undefined) this.#give(sink, subscriber)
  }

  resume(sink: Sink<LiveRidesUpdate<Ride>>): void {
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

  #give(sink: Sink<LiveRidesUpdate<Ride>>, subscriber: Subscriber): void {
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
    this.#table = table
    this.#revision = revision
    this.#updates.clear()
    for (const [rideId, since] of this.#shown) {
      const kept = table.get(rideId)
      if (kept !== undefined && (kept.revision <= before || this.#includes(kept.ride))) continue
      this.#shown.delete(rideId)
      this.#left.set(rideId, { since, left: revision })
    }
    for (const [rideId, kept] of table) {
      if (kept.revision > before && !this.#shown.has(rideId) && this.#includes(kept.ride)) {
        this.#shown.set(rideId, revision)
      }
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

  #updateFrom(seen: number): LiveRidesUpdate<Ride> | null {
    const made = this.#updates.get(seen)
    if (made !== undefined) return made
    const rides: Ride[] = []
    for (const [rideId, since] of this.#shown) {
      const kept = this.#table.get(rideId)
      if (kept !== undefined && (kept.revision > seen || since > seen)) rides.push(kept.ride)
    }
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

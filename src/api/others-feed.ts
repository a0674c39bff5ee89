/**
 * The feed of a ride for all who are not its rider: what they are shown of each event, through the zones of its rider. It is led
 * past the ride's own feed, and begins where that begins.
 *
 *   event ─┬─ of a ride that is whole ──────────────────────► itself
 *          ├─ of another ─► the next step of what is shown ─┬► nothing: taken and passed over
 *          │                                                └► one item or several: given one by one
 *          └─ that has changed since ─► not taken; what is shown until here is found with the new ones ─► resumed
 */
import { setTimeout } from 'node:timers/promises'
import { isUnavailable } from '#database/faults.ts'
import { type Failure, type Flow, type Sink, type Source, sourceOf } from '#live/source.ts'
import type { RecordedEvent } from '#log/read.ts'
import { decodeRideEvent } from '#ride/encoding.ts'
import type { RideEvent, RideEventType, RideStatus } from '#ride/events.ts'
import { maskedVersion } from '#ride/masking/masked-fold.ts'
import type { Masking, ReadRights } from '#rights/masking.ts'
import { asSeen, reachedBy, type ShownRides, type Sight, unseen } from '#rights/shown-rides.ts'
import type { OthersRights } from './feed-rights.ts'

/** One of the things that an event is shown as. */
export interface ShownItem {
  readonly recorded: RecordedEvent
  /** Null: as it is recorded. */
  readonly event: RideEvent | null
  /** That others are told. */
  readonly version: number
  readonly place: ShownPlace
}

/** Behind the item: in this view of the ride, with so many of what the next event is shown as given already. */
export interface ShownPlace {
  readonly version: number
  readonly view: number
  readonly part: number
}

export interface OthersFeedOptions {
  /** The ride's own feed, behind `sight.version` and with these rights. */
  readonly source: Source<RecordedEvent>
  readonly rights: OthersRights
  readonly rideId: string
  readonly sight: Sight
  /** Of what the next event is shown as: given already. */
  readonly part: number
  readonly until: RideStatus | null
  readonly shownRides: ShownRides
  readonly readRights: ReadRights
}

const deletion: RideEventType = 'RideDeleted'
const longestWaitMs = 1_000

export function othersFeed(options: OthersFeedOptions): Source<ShownItem> {
  return sourceOf(options.source.topic, (sink) => new OthersFlow(options, sink))
}

class OthersFlow implements Sink<RecordedEvent>, Flow {
  readonly #options: OthersFeedOptions
  readonly #sink: Sink<ShownItem>
  readonly #flow: Flow
  #sight: Sight
  /** Of the ride, what was taken last. */
  #version: number
  #part: number
  /** Up to which version it is known how the ride is masked. At first it is asked for: from now on its feed is heard. */
  #knownAt = -1
  #status: 'open' | 'finding' | 'gone' | 'over' = 'open'

  constructor(options: OthersFeedOptions, sink: Sink<ShownItem>) {
    this.#options = options
    this.#sink = sink
    this.#sight = options.sight
    this.#version = options.sight.version
    this.#part = options.part
    this.#flow = options.source.begin(this)
  }

  resume(): void {
    this.#flow.resume()
  }

  forget(): void {
    this.#flow.forget()
  }

  stop(): void {
    this.#status = 'over'
    this.#flow.stop()
  }

  end(failure?: Failure): void {
    this.#status = 'over'
    this.#sink.end(failure)
  }

  take(recorded: RecordedEvent, _key: string | number, rights: string): boolean {
    if (recorded.type === deletion) return this.#giveDeletion(recorded, rights)
    // Nothing of it is anybody's any more; that comes, and alone.
    if (this.#status === 'gone') return true
    if (this.#options.rights.changedAt(this.#sight.masking.isWhole) > this.#knownAt) {
      if (this.#status === 'open') void this.#find()
      return false
    }
    const { masking } = this.#sight
    if (!masking.isWhole) return this.#giveShown(recorded, `${rights} ${masking.mask.version}`)
    if (!this.#sink.take(asRecorded(recorded, masking), recorded.version, rights)) return false
    this.#version = recorded.version
    this.#finishAt({ type: recorded.type as RideEventType })
    return true
  }

  #giveShown(recorded: RecordedEvent, rights: string): boolean {
    const { sight, shown } = this.#options.shownRides.step(this.#sight, recorded)
    for (const { event, version } of shown.slice(this.#part)) {
      const part = this.#part + 1
      const isLast = part === shown.length
      const place = {
        version: isLast ? recorded.version : recorded.version - 1,
        view: sight.masking.mask.version,
        part: isLast ? 0 : part,
      }
      if (!this.#sink.take({ recorded, event, version, place }, version, rights)) return false
      if (this.#isOver() || this.#finishAt(event)) return true
      this.#part = part
    }
    this.#sight = sight
    this.#version = recorded.version
    this.#part = 0
    return true
  }

  /** It comes alone, whatever lies between. */
  #giveDeletion(recorded: RecordedEvent, rights: string): boolean {
    const { masking, fold, status } = this.#sight
    if (masking.isWhole) return this.#sink.take(asRecorded(recorded, masking), recorded.version, rights)
    const { mask } = masking
    const version = maskedVersion({ mask, count: (fold?.count ?? 0) + 1 })
    const event = asSeen(decodeRideEvent(recorded), status)
    const place = { version: recorded.version, view: mask.version, part: 0 }
    // What has that version for somebody else is another event.
    return this.#sink.take({ recorded, event, version, place }, 'deletion', `${rights} ${mask.version}`)
  }

  #finishAt(event: Pick<RideEvent, 'type'>): boolean {
    const { until } = this.#options
    if (until === null || reachedBy(event) !== until) return false
    this.stop()
    this.#sink.end()
    return true
  }

  /** A sink may leave while it is given something, or while something is found. */
  #isOver(): boolean {
    return this.#status === 'over'
  }

  /** Where the database is away it waits. */
  async #find(): Promise<void> {
    this.#status = 'finding'
    for (let failures = 1; !this.#isOver(); failures++) {
      try {
        const isThere = await this.#findMasking()
        if (this.#isOver()) return
        this.#status = isThere ? 'open' : 'gone'
        return this.#flow.resume()
      } catch (error) {
        if (this.#isOver()) return
        if (!isUnavailable(error)) {
          this.#flow.stop()
          return this.end({ error })
        }
        await setTimeout(Math.min(longestWaitMs, 50 * 2 ** failures))
      }
    }
  }

  /** How the ride is masked now, and what of it was shown until here by that. False where it is deleted. */
  async #findMasking(): Promise<boolean> {
    const { readRights, shownRides, rideId, rights } = this.#options
    // All that was heard of is in the log by now, and what says nothing of rights has no version there.
    const heardOf = rights.changedAt(true)
    const ride = await readRights(rideId)
    if (ride === undefined) return false
    rights.learn(ride)
    const { masking } = ride
    const before = this.#sight.masking
    if (masking.mask.version !== before.mask.version || masking.isWhole !== before.isWhole) {
      const sight = masking.isWhole
        ? { ...unseen(masking), version: this.#version }
        : await shownRides.sightAt(rideId, masking, this.#version)
      if (sight === undefined) return false
      this.#sight = sight
      this.#part = 0
    }
    this.#knownAt = Math.max(ride.version, heardOf)
    return true
  }
}

function asRecorded(recorded: RecordedEvent, { mask }: Masking): ShownItem {
  const { version } = recorded
  return { recorded, event: null, version, place: { version, view: mask.version, part: 0 } }
}

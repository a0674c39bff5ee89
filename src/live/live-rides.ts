/**
 * The live map: rides in progress, first all of them, then what changed, at most four times a second. One table of them
 * is kept for all subscribers, and only while there is one. A subscriber is a revision of that table: a slow one gets the
 * newest state, not a queue. Who is shown the same rides shares a view of it (`live-view.ts`).
 */
import type { RecordedEvent } from '#log/read.ts'
import { type Kept, type LiveRidesUpdate, LiveView, type Versioned } from './live-view.ts'
import { type InProgress, type Move, passedBy } from './move.ts'
import { type Failure, type Sink, type Source, sourceOf } from './source.ts'
import type { Tail } from './tail.ts'

export interface LiveRidesSource<Ride extends InProgress> {
  /** All rides in progress. */
  all(): Promise<readonly Ride[]>
  /** Those of the given rides that the read side knows, whatever their status. */
  some(rideIds: readonly string[]): Promise<readonly Ride[]>
  isInProgress(ride: Ride): boolean
  /** Whether from this event on less of the ride may be for others than the read side shows that has not come to it. */
  conceals(event: RecordedEvent): boolean
  /** The same of an event that does not say it itself; it is asked for only while somebody looks. */
  concealsLater?(event: RecordedEvent): Promise<boolean> | undefined
  /** The ride without what is for others. */
  concealed(ride: Ride): Ride
  onFault(error: unknown): void
}

export interface LiveRides<Ride, Item> {
  open(shown: Shown<Ride, Item>): Source<LiveRidesUpdate<Item>>
  close(): void
}

export interface Shown<Ride, Item> {
  /** The same for all who are shown the same. */
  readonly name: string
  /** The ride as it is shown; null where it is not. */
  readonly show: (ride: Ride) => Item | null
}

/** A read that cannot be sent is refused at once; one in vain costs a query. */
const longestWaitMs = { afterFault: 1_000, inVain: 10_000 }
const updateIntervalMs = 250
/** How far the read side may lag, in rides, without the next snapshot missing a change. */
const rememberedMoves = 10_000

export function openLiveRides<Ride extends InProgress, Item extends Versioned>(
  tail: Tail,
  source: LiveRidesSource<Ride>,
): LiveRides<Ride, Item> {
  const kept = new Map<string, Kept<Ride>>()
  /** Rides that moved and that the read side was not seen to have like that. */
  const moved = new Map<string, Move>()
  const views = new Map<string, LiveView<Ride, Item>>()
  let revision = 0
  let loading: Promise<void> | undefined
  /** Who comes meanwhile waits for these. */
  const concealing = new Set<Promise<void>>()
  let timer: NodeJS.Timeout | undefined
  let updating = false
  let faults = 0
  /** Looks in a row that brought nothing, although something was to come. */
  let vain = 0

  // Kept while nobody looks too: the read side that the next snapshot is taken from may not have these yet.
  tail.onEvent((event) => {
    const { streamId, version, partition, position } = event
    const concealedAt = source.conceals(event) ? version : moved.get(streamId)?.concealedAt
    moved.delete(streamId)
    moved.set(streamId, { version, partition, position, concealedAt })
    if (concealedAt === version) conceal(streamId)
    else if (loading !== undefined) concealLater(event)
    if (views.size > 0) {
      hurry()
      schedule()
    } else if (moved.size > rememberedMoves) moved.delete(moved.keys().next().value ?? streamId)
  })

  function concealLater(event: RecordedEvent): void {
    const { streamId, version } = event
    const asked = source.concealsLater?.(event)
    if (asked === undefined) return
    const done = asked
      .catch((error: unknown) => {
        source.onFault(error)
        return true
      })
      .then((conceals) => {
        concealing.delete(done)
        if (!conceals) return
        const move = moved.get(streamId)
        const concealedAt = Math.max(version, move?.concealedAt ?? 0)
        if (move !== undefined) moved.set(streamId, { ...move, concealedAt })
        if ((kept.get(streamId)?.ride.version ?? version) < version) conceal(streamId)
      })
    concealing.add(done)
  }

  /** At once: the read side comes to it later. */
  function conceal(rideId: string): void {
    const ride = kept.get(rideId)?.ride
    if (ride === undefined) return
    revision++
    kept.set(rideId, { ride: source.concealed(ride), revision })
    for (const view of views.values()) view.show(kept, revision)
  }

  /** What was looked for in vain does not hold up what is new. */
  function hurry(): void {
    if (vain === 0) return
    vain = 0
    clearTimeout(timer)
    timer = undefined
  }

  function schedule(): void {
    if (timer !== undefined || updating || loading === undefined) return
    timer = setTimeout(
      () => {
        timer = undefined
        void update()
      },
      Math.max(
        Math.min(longestWaitMs.afterFault, updateIntervalMs * 2 ** faults),
        Math.min(longestWaitMs.inVain, updateIntervalMs * 2 ** vain),
      ),
    )
  }

  async function load(): Promise<void> {
    const rides = await source.all()
    const gone = await tail.gone(rides.map(({ rideId }) => rideId))
    revision++
    for (const ride of rides) {
      if (gone.has(ride.rideId)) continue
      kept.set(ride.rideId, { ride: asKnown(ride), revision })
      if (ride.version >= (moved.get(ride.rideId)?.version ?? 0)) moved.delete(ride.rideId)
    }
    if (moved.size > 0) schedule()
  }

  async function update(): Promise<void> {
    updating = true
    try {
      await loading
      const asked = new Map(moved)
      const rides = await source.some([...asked.keys()])
      const arrived = new Set(rides.filter(hasArrived).map(({ rideId }) => rideId))
      // The read side may lag behind a deletion, or have let go of the ride.
      const gone = await tail.gone([...asked.keys()].filter((rideId) => !arrived.has(rideId)))
      revision++
      for (const ride of rides) if (!gone.has(ride.rideId)) keep(ride)
      for (const rideId of gone) kept.delete(rideId)
      const passed = passedBy(rides)
      let isVain = true
      for (const [rideId, move] of asked) {
        if (!arrived.has(rideId) && !gone.has(rideId) && !passed(move)) continue
        isVain = false
        if (moved.get(rideId) === move || gone.has(rideId)) moved.delete(rideId)
      }
      vain = isVain ? vain + 1 : 0
      faults = 0
      for (const view of views.values()) view.show(kept, revision)

      function hasArrived(ride: Ride): boolean {
        return ride.version >= (asked.get(ride.rideId)?.version ?? 0)
      }
    } catch (error) {
      faults++
      source.onFault(error)
    } finally {
      updating = false
    }
    if (views.size === 0) forget()
    else if (moved.size > 0) schedule()
  }

  function keep(ride: Ride): void {
    if (!source.isInProgress(ride)) kept.delete(ride.rideId)
    else if (kept.get(ride.rideId)?.ride.version !== ride.version) {
      kept.set(ride.rideId, { ride: asKnown(ride), revision })
    }
  }

  function asKnown(ride: Ride): Ride {
    const concealedAt = moved.get(ride.rideId)?.concealedAt
    return concealedAt === undefined || ride.version >= concealedAt ? ride : source.concealed(ride)
  }

  function forget(): void {
    clearTimeout(timer)
    timer = undefined
    loading = undefined
    kept.clear()
  }

  /** With the table there; one that was read in vain is read again for the next who asks. */
  async function loaded(): Promise<Failure | undefined> {
    const reading = loading ?? load()
    loading = reading
    try {
      await reading
      await Promise.all(concealing)
      return undefined
    } catch (error) {
      if (loading === reading) loading = undefined
      return { error }
    }
  }

  async function enter(view: LiveView<Ride, Item>, sink: Sink<LiveRidesUpdate<Item>>): Promise<void> {
    const failure = await loaded()
    if (failure === undefined) view.begin(sink, kept, revision)
    else view.end(sink, failure)
  }

  function viewOf({ name, show }: Shown<Ride, Item>): LiveView<Ride, Item> {
    const known = views.get(name)
    if (known !== undefined) return known
    const view = new LiveView<Ride, Item>(show, () => {
      views.delete(name)
      if (views.size === 0 && !updating) forget()
    })
    views.set(name, view)
    return view
  }

  return {
    open: (shown) =>
      sourceOf(`liveRides ${shown.name}`, (sink) => {
        const view = viewOf(shown)
        view.enter(sink)
        let hasBegun = false
        return {
          resume() {
            if (hasBegun) view.resume(sink)
            else void enter(view, sink)
            hasBegun = true
          },
          forget: () => undefined,
          stop: () => view.leave(sink),
        }
      }),
    close() {
      for (const view of views.values()) view.close()
    },
  }
}

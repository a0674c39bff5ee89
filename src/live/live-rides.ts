/**
 * The live map: rides in progress, first all of them, then what changed, at most four times a second. One table of them
 * is kept for all subscribers, and only while there is one. A subscriber is a revision of that table: a slow one gets the
 * newest state, not a queue.
 */
import { createHint } from '#log/hint.ts'
import { stoppable } from './stoppable.ts'
import type { Tail } from './tail.ts'

/** What the table keeps of a ride; the API knows the rest of its fields. */
export interface InProgress {
  readonly rideId: string
  readonly version: number
}

export interface LiveRidesUpdate<Ride> {
  /** Replaces all that came before. */
  readonly snapshot: boolean
  readonly rides: readonly Ride[]
  /** Ended, or no longer the subscriber's to see. */
  readonly removed: readonly string[]
}

export interface LiveRidesSource<Ride extends InProgress> {
  /** All rides in progress. */
  all(): Promise<readonly Ride[]>
  /** Those of the given rides that the read side knows, whatever their status. */
  some(rideIds: readonly string[]): Promise<readonly Ride[]>
  isInProgress(ride: Ride): boolean
  onFault(error: unknown): void
}

export interface LiveRides<Ride> {
  open(options: { includes: (ride: Ride) => boolean }): AsyncIterableIterator<LiveRidesUpdate<Ride>>
  close(): void
}

const longestWaitMs = 10_000
const updateIntervalMs = 250
/** How far the read side may lag, in rides, without the next snapshot missing a change. */
const rememberedMoves = 10_000
/** A subscriber looks by itself this often. */
const backstopMs = 30_000

interface Kept<Ride> {
  readonly ride: Ride
  readonly revision: number
}

export function openLiveRides<Ride extends InProgress>(
  tail: Tail,
  source: LiveRidesSource<Ride>,
): LiveRides<Ride> {
  const kept = new Map<string, Kept<Ride>>()
  /** Rides that moved, and the version the read side must have before they are shown. */
  const moved = new Map<string, number>()
  const wakers = new Set<() => void>()
  const open = new Set<AbortController>()
  let revision = 0
  let loading: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let updating = false
  let faults = 0

  // Kept while nobody looks too: the read side that the next snapshot is taken from may not have these yet.
  tail.onEvent(({ streamId, version }) => {
    moved.delete(streamId)
    moved.set(streamId, version)
    if (open.size > 0) schedule()
    else if (moved.size > rememberedMoves) moved.delete(moved.keys().next().value ?? streamId)
  })

  function schedule(): void {
    if (timer !== undefined || updating || loading === undefined) return
    timer = setTimeout(
      () => {
        timer = undefined
        void update()
      },
      Math.min(longestWaitMs, updateIntervalMs * 2 ** faults),
    )
  }

  async function load(): Promise<void> {
    const rides = await source.all()
    revision++
    for (const ride of rides) {
      kept.set(ride.rideId, { ride, revision })
      settle(ride)
    }
    if (moved.size > 0) schedule()
  }

  /** The read side has the move that was told of. */
  function settle(ride: Ride): void {
    if (ride.version >= (moved.get(ride.rideId) ?? 0)) moved.delete(ride.rideId)
  }

  async function update(): Promise<void> {
    updating = true
    try {
      await loading
      const wanted = [...moved]
      const rides = await source.some(wanted.map(([rideId]) => rideId))
      revision++
      for (const ride of rides) {
        if (source.isInProgress(ride)) kept.set(ride.rideId, { ride, revision })
        else kept.delete(ride.rideId)
        settle(ride)
      }
      faults = 0
      for (const wake of wakers) wake()
    } catch (error) {
      faults++
      source.onFault(error)
    } finally {
      updating = false
    }
    if (open.size === 0) forget()
    else if (moved.size > 0) schedule()
  }

  function forget(): void {
    clearTimeout(timer)
    timer = undefined
    loading = undefined
    kept.clear()
  }

  async function* updates(
    includes: (ride: Ride) => boolean,
    signal: AbortSignal,
  ): AsyncGenerator<LiveRidesUpdate<Ride>, void, undefined> {
    const hint = createHint()
    wakers.add(hint.give)
    const shown = new Set<string>()
    let seen = -1
    try {
      loading ??= load()
      try {
        await loading
      } catch (error) {
        loading = undefined
        throw error
      }
      while (!signal.aborted) {
        const rides: Ride[] = []
        const removed: string[] = []
        for (const { ride, revision: changed } of kept.values()) {
          if (changed <= seen || !includes(ride)) continue
          rides.push(ride)
          shown.add(ride.rideId)
        }
        for (const rideId of shown) {
          const now = kept.get(rideId)
          if (now !== undefined && includes(now.ride)) continue
          shown.delete(rideId)
          removed.push(rideId)
        }
        const snapshot = seen < 0
        seen = revision
        if (snapshot || rides.length > 0 || removed.length > 0) yield { snapshot, rides, removed }
        else await hint.wait(backstopMs, signal)
      }
    } finally {
      wakers.delete(hint.give)
    }
  }

  function ended(aborter: AbortController): void {
    open.delete(aborter)
    if (open.size === 0 && !updating) forget()
  }

  return {
    open({ includes }) {
      const aborter = new AbortController()
      open.add(aborter)
      return stoppable(updates(includes, aborter.signal), aborter, () => ended(aborter))
    },
    close() {
      for (const aborter of open) aborter.abort()
    },
  }
}

/**
 * A rebuild from beginning to end: begins a version, or joins the one that is being built, works on it beside whatever
 * workers there are, and watches it until it is served and has come to where the log ended at the beginning. (It is served
 * as soon as it is where the version before it is: where no worker runs, that may be far behind.)
 *
 *   (begun, joined) ─► building ─┬─ caught up ─► served ─► whole
 *                                ├─ caught up, but for parked rides ─► parked
 *                                ├─ cancelled by somebody ─► dropped
 *                                └─ the signal ─► stopped: it goes on without this process
 */
import type { ConnectionPool } from '@databases/pg'
import { describeFault } from '#database/fault-description.ts'
import { summaryOf } from '#database/fault-summary.ts'
import { isUnavailable } from '#database/faults.ts'
import { pause } from '#log/hint.ts'
import type { Listener } from '#log/listener.ts'
import type { Administration, PartitionStatus, ProjectionStatus } from '#projections/administration.ts'
import type { Projection, ProjectionName } from '#projections/projection.ts'
import { runWorkers } from '#projections/workers.ts'
import type { Progress } from './progress.ts'
import { measureRate } from './rate.ts'
import { summed } from './status.ts'

export interface RebuildMeans {
  readonly administration: Administration
  /** Waits while the database is away. */
  readonly database: ConnectionPool
  readonly listener: Listener
  readonly projections: readonly Projection[]
  readonly partitions: number
  readonly progress: Progress
  readonly now: () => number
  readonly signal: AbortSignal
}

export type RebuildEnd = { readonly version: number } & (
  | { readonly outcome: 'whole'; readonly events: number; readonly parkedRides: number }
  /** Not served, for so many rides are parked in it that are not in the version that is. */
  | { readonly outcome: 'parked'; readonly rides: number }
  | { readonly outcome: 'dropped' }
  | { readonly outcome: 'stopped'; readonly isServed: boolean }
)

const lookEveryMs = 250

export async function rebuild(name: ProjectionName, means: RebuildMeans): Promise<RebuildEnd> {
  const { administration, progress, now, signal } = means
  const begun = await administration.rebuild(name)
  if (begun.outcome === 'unknown') throw new Error(`There is no projection ${name}`)
  const { version } = begun
  progress.say(
    begun.outcome === 'begun'
      ? `Building ${name} ${version} beside the version that is read.`
      : `Joining: ${name} ${version} is being built already.`,
  )
  let waiting: number | undefined
  const working = new AbortController()
  const worker = work({
    version,
    name,
    means: { ...means, signal: working.signal },
    onWaiting: (rides) => {
      waiting = rides
    },
  })
  const rate = measureRate(now)
  let isServed = false
  let goal: readonly PartitionStatus[] | undefined
  try {
    while (!signal.aborted) {
      const status = await look()
      if (status !== undefined) {
        const { own } = status
        if (own === undefined) return { outcome: 'dropped', version }
        goal ??= own.partitions
        isServed = own.state !== 'building'
        const place = summed(own)
        if (isServed && hasReached(own, goal)) {
          return { outcome: 'whole', version, events: place.position, parkedRides: own.parkedRides }
        }
        if (!isServed && waiting !== undefined) return { outcome: 'parked', version, rides: waiting }
        progress.update({ ...place, eventsPerSecond: rate.at(place.position) })
      }
      await pause(lookEveryMs, signal)
    }
    return { outcome: 'stopped', version, isServed }
  } finally {
    working.abort()
    await worker
  }

  /** Undefined where the database is away just now, which is said elsewhere. */
  async function look(): Promise<{ own: ProjectionStatus | undefined } | undefined> {
    try {
      const all = await administration.status()
      return { own: all.find((each) => each.projection === name && each.version === version) }
    } catch (error) {
      if (!isUnavailable(error)) throw error
      return undefined
    }
  }
}

/** One that is retired by now goes no further here. */
function hasReached({ state, partitions }: ProjectionStatus, goal: readonly PartitionStatus[]): boolean {
  return state === 'retired' || partitions.every(({ position }, index) => position >= goal[index]!.head)
}

interface Work {
  readonly name: ProjectionName
  readonly version: number
  readonly means: RebuildMeans
  /** It is whole, but for so many parked rides. */
  readonly onWaiting: (rides: number) => void
}

function work({ name, version, means, onWaiting }: Work): Promise<void> {
  const { progress, signal } = means
  let last = ''
  /** What is tried again and again is said once. */
  function say(text: string): void {
    if (text !== last && !signal.aborted) progress.say(text)
    last = text
  }
  return runWorkers({
    ...means,
    includes: (each) => each.projection === name && each.version === version && each.state !== 'retired',
    onFault: (_, error) => say(`It failed and tries again. ${summaryOf(describeFault(error))}`),
    onParked: (_, { streamId, version: rideVersion, type }) =>
      say(`Parked: ride ${streamId} at its version ${rideVersion}, a ${type}.`),
    onHole: ({ partition }, position) =>
      say(`The log has a hole at position ${position} of partition ${partition}: what is behind it waits.`),
    onLookFault: (error) =>
      say(`The new version could not be put in place; it is tried again. ${summaryOf(describeFault(error))}`),
    onPromotion(_, promotion) {
      if (promotion.outcome === 'parked') onWaiting(promotion.rides)
    },
  })
}

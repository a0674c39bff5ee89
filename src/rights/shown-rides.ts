/**
 * Rides as others are shown them, event by event. How far others have come to see a ride is a fold over its events
 * (`#ride/masking/masked-fold.ts`); whoever follows a ride takes his with him from event to event, and a step that was
 * taken once is kept for those who come behind. Who begins in the midst of a ride has it folded up to there, from the nearest
 * place that is kept.
 */
import { LRUCache } from 'lru-cache'
import type { Log } from '#log/log.ts'
import { type RecordedEvent, readStream } from '#log/read.ts'
import { decodeRideEvent } from '#ride/encoding.ts'
import type { RideEvent, RideStatus } from '#ride/events.ts'
import { beginMasked, type MaskedFold, maskedVersion, stepMasked } from '#ride/masking/masked-fold.ts'
import type { Masking } from './masking.ts'

/** How far others have come to see a ride. */
export interface Sight {
  readonly masking: Masking
  /** Of the ride. */
  readonly version: number
  /** Null before its first event. */
  readonly fold: MaskedFold | null
  /** In which others see it. */
  readonly status: RideStatus
  /** And have seen it. */
  readonly reached: readonly RideStatus[]
}

export interface ShownEvent {
  readonly event: RideEvent
  /** That others are told. */
  readonly version: number
}

export interface Step {
  readonly sight: Sight
  /** What the event is shown as: nothing, itself, or what came to light with it as well. */
  readonly shown: readonly ShownEvent[]
}

export interface ShownRides {
  /** With what others have seen up to a version; undefined where the ride was deleted. */
  sightAt(rideId: string, masking: Masking, version: number): Promise<Sight | undefined>
  /** The event that follows. */
  step(sight: Sight, recorded: RecordedEvent): Step
}

/** Folds are kept at each so many versions. */
const apart = 128
const mostKeptSights = 10_000
/** Of events that were shown, or wait for it, about 200 bytes each. */
const mostKeptPositions = 100_000

export function createShownRides(log: Log): ShownRides {
  const sights = new LRUCache<string, Sight>({ max: mostKeptSights })
  const steps = new LRUCache<string, Step>({
    maxSize: mostKeptPositions,
    sizeCalculation: ({ sight: { fold }, shown }) =>
      shown.reduce((sum, { event }) => sum + sizeOf(event), 1 + (fold?.waiting.length ?? 0)),
  })
  const underWay = new Map<string, Promise<Sight | undefined>>()

  function nearest(rideId: string, masking: Masking, version: number): Sight {
    for (let at = version - (version % apart); at > 0; at -= apart) {
      const sight = sights.get(nameOf(rideId, masking, at))
      if (sight !== undefined) return sight
    }
    return unseen(masking)
  }

  async function foldUpTo(rideId: string, masking: Masking, version: number): Promise<Sight | undefined> {
    let sight = nearest(rideId, masking, version)
    while (sight.version < version) {
      const limit = Math.min(apart, version - sight.version)
      const page = await readStream(log, rideId, { after: sight.version, limit })
      if (page.length === 0 || page.some(({ data }) => data === null)) return undefined
      for (const recorded of page) {
        sight = stepOf(sight, recorded).sight
        if (sight.version % apart === 0) sights.set(nameOf(rideId, masking, sight.version), sight)
      }
    }
    return sight
  }

  return {
    async sightAt(rideId, masking, version) {
      const name = nameOf(rideId, masking, version)
      const known = steps.get(name)?.sight ?? underWay.get(name)
      if (known !== undefined) return known
      const folding = foldUpTo(rideId, masking, version).finally(() => underWay.delete(name))
      underWay.set(name, folding)
      return folding
    },
    step(sight, recorded) {
      const name = nameOf(recorded.streamId, sight.masking, recorded.version)
      const known = steps.get(name)
      if (known !== undefined) return known
      const step = stepOf(sight, recorded)
      steps.set(name, step)
      return step
    },
  }
}

/** Before its first event. */
export function unseen(masking: Masking): Sight {
  return { masking, version: 0, fold: null, status: 'ACTIVE', reached: [] }
}

function nameOf(rideId: string, { mask }: Masking, version: number): string {
  return `${rideId} ${mask.version} ${version}`
}

function stepOf(sight: Sight, recorded: RecordedEvent): Step {
  const { version } = recorded
  if (version !== sight.version + 1) throw new Error(`Version ${version} does not follow ${sight.version}`)
  const { masking } = sight
  const event = decodeRideEvent(recorded)
  const { fold, shown } = foldAfter(sight, event)
  let { status, reached } = sight
  const items = shown.map((event, index) => {
    const brought = reachedBy(event)
    status = brought ?? status
    if (brought !== undefined && !reached.includes(brought)) reached = [...reached, brought]
    const count = fold.count - shown.length + index + 1
    return { event: asSeen(event, status), version: maskedVersion({ mask: fold.mask, count }) }
  })
  return { sight: { masking, version, fold, status, reached }, shown: items }
}

function foldAfter(
  { fold, masking }: Sight,
  event: RideEvent,
): { fold: MaskedFold; shown: readonly RideEvent[] } {
  if (event.type === 'RideStarted') {
    const begun = beginMasked(event, masking.mask, masking.isEndKnown)
    return { fold: begun, shown: begun.count === 0 ? [] : [event] }
  }
  if (fold === null) throw new Error('A ride that was not started')
  return stepMasked(fold, event)
}

/** What says of itself how the ride stands says what others see: it may have paused or ended where nobody sees it. */
export function asSeen(event: RideEvent, status: RideStatus): RideEvent {
  return 'status' in event ? { ...event, status } : event
}

/** The status that an event brings a ride to; undefined where it leaves it in the one that it has. */
export function reachedBy({ type }: Pick<RideEvent, 'type'>): RideStatus | undefined {
  switch (type) {
    case 'RideStarted':
    case 'RideResumed':
      return 'ACTIVE'
    case 'RidePaused':
      return 'PAUSED'
    case 'RideEnded':
      return 'ENDED'
    case 'RideFinished':
      return 'FINISHED'
    default:
      return undefined
  }
}

function sizeOf(event: RideEvent): number {
  return event.type === 'RidePositionsRecorded' ? event.positions.length : 1
}

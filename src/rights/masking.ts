/**
 * What a ride's own stream says of who may see it, and through which zones: exactly as the log has it, where the read side may lag.
 */
import { sql } from '@databases/pg'
import { LRUCache } from 'lru-cache'
import type { Log } from '#log/log.ts'
import { type EventRow, eventColumns, eventsOf, type RecordedEvent } from '#log/read.ts'
import { decodeRideEvent } from '#ride/encoding.ts'
import type { RideEvent, RideEventType } from '#ride/events.ts'
import { hidesNothing, type Mask, maskFromStart, noMask } from '#ride/mask.ts'
import { isOfSharesAlone, sharesAfter } from '#ride/shares.ts'
import type { Visible } from './may-see.ts'

export interface Masking {
  readonly mask: Mask
  /** As it was when the ride came to be masked so: what is shown of each event is then told by the events up to it. */
  readonly isEndKnown: boolean
  /** Others are shown it as it is recorded: none of its events was ever its rider's alone. */
  readonly isWhole: boolean
}

/** A ride as far as its rights go. */
export interface RightsOfRide extends Visible {
  /** Up to which version. */
  readonly version: number
  readonly masking: Masking
  /** Whether others may know of an end in a zone. */
  readonly isEndKnown: boolean
}

/** A ride as it was read, of a rider who never had a zone, that is for everyone. */
export function neverMasked(ride: Visible & { readonly version: number }): RightsOfRide {
  const { rideId, riderId, visibility, shares, version } = ride
  const masking = { mask: noMask, isEndKnown: false, isWhole: true }
  return { rideId, riderId, visibility, shares, version, masking, isEndKnown: false }
}

/** The events that say something of it. */
const types: readonly RideEventType[] = ['RideStarted', 'RideEdited', 'RideMasked', 'RideDeleted']
const mostRides = 10_000

/**
 * Undefined of a ride that is not there, or deleted; and where its stream holds what cannot be read, such as a newer program writes:
 * perhaps its rider took it back. Then nobody else is shown it, and everybody all others. What was read once is read on from there, or from what is known of the ride
 * elsewhere: of 10,000 uploads that are passed over, each takes a look at its page.
 */
export type ReadRights = (rideId: string, elsewhere?: RightsOfRide) => Promise<RightsOfRide | undefined>

export function createReadRights(log: Log): ReadRights {
  const known = new LRUCache<string, RightsOfRide>({ max: mostRides })
  return async (rideId, elsewhere) => {
    let rights = known.get(rideId) ?? elsewhere
    for (const { version, event } of await eventsBehind(log, rideId, rights?.version ?? 0)) {
      rights = event === undefined ? undefined : rightsAfter(rights, rideId, version, event)
    }
    if (rights === undefined) known.delete(rideId)
    else known.set(rideId, rights)
    return rights
  }
}

async function eventsBehind(log: Log, rideId: string, version: number) {
  const partition = log.partitionOf(rideId)
  const rows: EventRow[] = await log.database.query(sql`
    select ${eventColumns}, data from events
     where partition = ${partition} and stream_id = ${rideId} and version > ${version} and type = any(${types}::text[])
     order by version`)
  return eventsOf(rows).map((recorded) => ({
    version: recorded.version,
    event: readable(recorded),
  }))
}

function readable(recorded: RecordedEvent): RideEvent | undefined {
  if (recorded.data === null) return undefined
  try {
    return decodeRideEvent(recorded)
  } catch {
    return undefined
  }
}

function rightsAfter(
  rights: RightsOfRide | undefined,
  rideId: string,
  version: number,
  event: RideEvent,
): RightsOfRide | undefined {
  if (event.type === 'RideStarted') {
    const { riderId, visibility } = event
    const mask = maskFromStart(event.mask)
    const unmasked = neverMasked({ rideId, riderId, visibility, shares: [], version })
    return { ...unmasked, masking: { mask, isEndKnown: false, isWhole: hidesNothing(mask) } }
  }
  if (rights === undefined || event.type === 'RideDeleted') return undefined
  switch (event.type) {
    case 'RideEdited': {
      const { changes, at } = event
      const shares = sharesAfter(rights.shares ?? [], changes, at)
      const visibility = changes.visibility ?? rights.visibility
      const isWhole = rights.masking.isWhole && !isOfSharesAlone(changes)
      return { ...rights, version, shares, visibility, masking: { ...rights.masking, isWhole } }
    }
    case 'RideMasked': {
      const { mask } = event
      const isEndKnown = event.isEndKnown || rights.isEndKnown
      const isNew = rights.masking.isWhole || mask.version !== rights.masking.mask.version
      const masking = isNew ? { mask, isEndKnown, isWhole: false } : rights.masking
      return { ...rights, version, isEndKnown, masking }
    }
    default:
      return rights
  }
}

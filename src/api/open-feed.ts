/** Opens the feed of a ride: for its rider as the log has it, for others through the rider's privacy zones. */
import { type Source, sourceOf } from '#live/source.ts'
import { readCursor } from '#log/cursor.ts'
import type { Log } from '#log/log.ts'
import { type RecordedEvent, readLastOf, readState, readStream, versionAt } from '#log/read.ts'
import { maskOfRider } from '#projections/masks.ts'
import type { RideEventType, RideStatus } from '#ride/events.ts'
import { hidesNothing } from '#ride/mask.ts'
import { maskedVersion } from '#ride/masking/masked-fold.ts'
import type { RideState } from '#ride/ride.ts'
import { type Masking, neverMasked } from '#rights/masking.ts'
import { isRider, maySee } from '#rights/may-see.ts'
import { reachedBy, type Sight, unseen } from '#rights/shown-rides.ts'
import type { RequestContext } from './context.ts'
import { asGraphQLError } from './errors.ts'
import { OthersRights, ownersRights } from './feed-rights.ts'
import { othersFeed, type ShownItem } from './others-feed.ts'
import type { RideRow } from './ride-row.ts'

const deletion: RideEventType = 'RideDeleted'

/** The events that bring a ride to a status. */
const bringing: Record<RideStatus, readonly RideEventType[]> = {
  ACTIVE: ['RideStarted', 'RideResumed'],
  PAUSED: ['RidePaused'],
  ENDED: ['RideEnded'],
  FINISHED: ['RideFinished'],
}

export interface AskedFeed {
  readonly rideId: string
  readonly after: string | null | undefined
  readonly until: RideStatus | null | undefined
}

export type Feed = Source<RecordedEvent | ShownItem>

/** Undefined where there is no such ride, or none that the viewer may watch; how long that takes is the same for both. */
export async function openFeed(asked: AskedFeed, context: RequestContext): Promise<Feed | undefined> {
  const { log, viewer, loaders } = context
  const { rideId } = asked
  // A rider's own ride is known by the log at once, whatever the read side has.
  const { actual, isGone } = await readState(log, rideId, rideId)
  const state = isGone ? null : (actual.state as RideState | null)
  if (state !== null && 'riderId' in state && isRider(viewer, state)) {
    return ownersFeed(asked, actual.version, context)
  }
  // There is a row for others once they are shown something, and as long as its masking is of the newest zones.
  const ride = await loaders.rideLoader.load(rideId)
  return ride === null ? undefined : feedOfOthers(asked, ride, actual.version, context)
}

async function ownersFeed({ rideId, after, until }: AskedFeed, newest: number, context: RequestContext) {
  const { log, feeds, viewer } = context
  const { version } = await placeBehind(after, { rideId, newest }, context)
  const types: readonly string[] = until == null ? [] : bringing[until]
  if (until != null && (await wasReached(rideId, types, version, log))) return nothing()
  return feeds.open(rideId, {
    after: version,
    newest,
    rights: ownersRights(viewer),
    isLast: ({ type }) => types.includes(type),
    isTombstone,
  })
}

async function feedOfOthers(
  { rideId, after, until }: AskedFeed,
  row: RideRow,
  newest: number,
  context: RequestContext,
): Promise<Feed | undefined> {
  const { log, feeds, viewer, now, readRights, shownRides } = context
  // The read side may not know yet that the rider has changed his zones, nor what the ride's log says of its rights.
  const zones = await maskOfRider(log.database, row.riderId)
  const ride = await readRights(
    rideId,
    // Tables that an older program made are for everyone also of rides that were shared.
    zones.version === 0 && row.maskedBy === null && row.shares === null ? neverMasked(row) : undefined,
  )
  if (ride === undefined || !maySee(viewer, ride, now())) return undefined
  const { masking } = ride
  if (zones.version !== masking.mask.version) return undefined
  const isMasked = !masking.isWhole
  const place = await placeBehind(after, { rideId, newest, ...(isMasked && { masking }) }, context)
  const { version } = place
  const sight = isMasked
    ? await shownRides.sightAt(rideId, masking, version)
    : { ...unseen(masking), version }
  if (sight === undefined) return undefined
  const part = isMasked && place.view === masking.mask.version ? place.part : 0
  if (until != null) {
    const reached = isMasked
      ? sight.reached.includes(until) || (await givenOf(sight, part, rideId, context)).includes(until)
      : await wasReached(rideId, bringing[until], version, log)
    if (reached) return nothing()
  }
  const rights = new OthersRights(viewer, ride, now)
  const source = feeds.open(rideId, { after: version, newest, rights, isLast: () => false, isTombstone })
  return othersFeed({
    ...{ source, rights, rideId, sight, part, shownRides, readRights },
    until: until ?? null,
  })
}

/** What came before it is nobody's to read any more. */
function isTombstone({ type }: RecordedEvent): boolean {
  return type === deletion
}

interface Place {
  readonly version: number
  readonly view: number
  readonly part: number
}

/** Where a cursor of the ride stands; the beginning, where there is none. */
async function placeBehind(
  cursor: string | null | undefined,
  ride: Watched,
  { log, shownRides }: RequestContext,
): Promise<Place> {
  if (cursor == null) return { version: 0, view: 0, part: 0 }
  const { rideId, newest, masking } = ride
  const reading = readCursor(log, cursor)
  if (reading.outcome !== 'unknown' && reading.cursor.streamId === rideId) {
    if (reading.outcome === 'sealed') {
      const { view, part, position } = reading.cursor
      const version = reading.cursor.version ?? (await versionAt(log, rideId, position))
      if (version !== undefined && version <= newest) return { version, view, part }
    }
    if (reading.outcome === 'read' && reading.cursor.version <= newest) {
      const told = reading.cursor.version
      const version =
        masking === undefined ? told : await versionToldAs(told, { ...ride, masking }, shownRides)
      if (version !== undefined) return { version, view: 0, part: 0 }
    }
  }
  throw asGraphQLError(
    'CURSOR_UNKNOWN',
    'This cursor is not of this ride, or from before a restore or a change of who may see what of it. Start again without one.',
  )
}

/** A ride as far as it is there. */
interface Watched {
  readonly rideId: string
  readonly newest: number
  /** Left out where the viewer is told the ride's own versions. */
  readonly masking?: Masking
}

/**
 * Behind which version of a ride others have been told of one. Of cursors that are not sealed, such as others were given of every
 * ride: anybody can make one, and is to learn no more by it than how far he is shown the ride.
 */
async function versionToldAs(
  told: number,
  { rideId, newest, masking }: Required<Watched>,
  shownRides: RequestContext['shownRides'],
): Promise<number | undefined> {
  if (!hidesNothing(masking.mask)) return undefined
  const toldAt = async (version: number) => {
    const sight = await shownRides.sightAt(rideId, masking, version)
    return sight?.fold ? maskedVersion(sight.fold) : 0
  }
  // By halves: of what they are not shown there may be thousands in a row.
  let [first, last] = [told, newest]
  while (first < last) {
    const middle = Math.floor((first + last) / 2)
    if ((await toldAt(middle)) < told) first = middle + 1
    else last = middle
  }
  return (await toldAt(first)) === told ? first : undefined
}

async function wasReached(
  rideId: string,
  types: readonly string[],
  version: number,
  log: Log,
): Promise<boolean> {
  if (version === 0) return false
  return (await readLastOf(log, rideId, { types, upTo: version })) !== undefined
}

/** What was given of what the next event is shown as: the statuses that it brought. */
async function givenOf(
  sight: Sight,
  part: number,
  rideId: string,
  { log, shownRides }: RequestContext,
): Promise<readonly (RideStatus | undefined)[]> {
  if (part === 0) return []
  const [next] = await readStream(log, rideId, { after: sight.version, limit: 1 })
  if (next === undefined || next.data === null) return []
  return shownRides
    .step(sight, next)
    .shown.slice(0, part)
    .map(({ event }) => reachedBy(event))
}

/** A feed that is complete. */
function nothing(): Source<never> {
  return sourceOf('', (sink) => ({
    resume: () => sink.end(),
    forget: () => undefined,
    stop: () => undefined,
  }))
}

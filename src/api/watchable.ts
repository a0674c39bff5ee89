/** What the log knows at once of a ride that the viewer may see. */
import { readState } from '#log/read.ts'
import type { RideState } from '#ride/ride.ts'
import type { RequestContext } from './context.ts'

/**
 * The version of a ride that the viewer may watch, or undefined. A rider's own ride is known by the log at once, whatever
 * the read side has.
 */
export async function watchable(
  rideId: string,
  { log, viewer, rideLoader }: RequestContext,
): Promise<number | undefined> {
  const { actual, isGone } = await readState(log, rideId, rideId)
  if (actual.version === 0 || isGone) return undefined
  const state = actual.state as RideState
  const isOwn = 'riderId' in state && state.riderId === viewer.riderId
  return isOwn || (await rideLoader.load(rideId)) !== null ? actual.version : undefined
}

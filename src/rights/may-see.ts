/** What a ride's visibility and its share links show to whom. */
import type { Visibility } from '#ride/events.ts'
import { holds, type RideShare } from '#ride/shares.ts'
import { readerOf, type Viewer } from './viewer.ts'

export interface Visible {
  readonly rideId: string
  readonly riderId: string
  readonly visibility: Visibility
  /** Its share links, those that have expired among them. */
  readonly shares?: readonly RideShare[] | null | undefined
}

export function isRider(viewer: Viewer, { riderId }: Pick<Visible, 'riderId'>): boolean {
  return readerOf(viewer) === riderId
}

/**
 * Whoever has the id of an unlisted ride has its link.
 *
 * @param now milliseconds since 1970: share links expire.
 */
export function maySee(viewer: Viewer, ride: Visible, now: number): boolean {
  return isRider(viewer, ride) || ride.visibility !== 'PRIVATE' || hasLink(viewer, ride, now)
}

/** Whether the viewer comes upon the ride by himself: in lists, on the live map. */
export function mayList(viewer: Viewer, ride: Visible): boolean {
  return isRider(viewer, ride) || ride.visibility === 'PUBLIC'
}

function hasLink({ share }: Viewer, { rideId, shares }: Visible, now: number): boolean {
  if (share?.rideId !== rideId) return false
  return shares?.some((one) => one.id === share.shareId && holds(one, now)) ?? false
}

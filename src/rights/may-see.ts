/** What a ride's visibility and its share links show to whom. */
import type { Visibility } from '#ride/events.ts'
import { readerOf, type Viewer } from './viewer.ts'

export interface Visible {
  readonly rideId: string
  readonly riderId: string
  readonly visibility: Visibility
}

export function isRider(viewer: Viewer, { riderId }: Pick<Visible, 'riderId'>): boolean {
  return readerOf(viewer) === riderId
}

/** Whoever has the id of an unlisted ride has its link. */
export function maySee(viewer: Viewer, ride: Visible): boolean {
  return isRider(viewer, ride) || ride.visibility !== 'PRIVATE'
}

/** Whether the viewer comes upon the ride by himself: in lists, on the live map. */
export function mayList(viewer: Viewer, ride: Visible): boolean {
  return isRider(viewer, ride) || ride.visibility === 'PUBLIC'
}

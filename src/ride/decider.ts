/**
 * A ride as whoever keeps streams of events needs it: where
 * it begins, how it decides, evolves and is written down.
 */
import { encodeRideEvent } from './encoding.ts'
import type { RideEvent } from './events.ts'
import { decide, evolve, isHiding, notStarted, type RideState } from './ride.ts'
import { newestVersionOf } from './upcast.ts'

export const rideDecider = {
  streamType: 'ride',
  initial: notStarted,
  decide,
  evolve,
  isGone: ({ status }: RideState) => status === 'DELETED',
  outranks: isHiding,
  encode: (event: RideEvent) => ({
    type: event.type,
    schemaVersion: newestVersionOf(event.type),
    data: encodeRideEvent(event),
  }),
}

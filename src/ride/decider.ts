/** A ride as whoever keeps streams of events needs it: where it begins, how it decides, evolves and is written down. */
import { encodeRideEvent, schemaVersion } from './encoding.ts'
import type { RideEvent } from './events.ts'
import { decide, evolve, isHiding, notStarted } from './ride.ts'

export const rideDecider = {
  initial: notStarted,
  decide,
  evolve,
  outranks: isHiding,
  encode: (event: RideEvent) => ({ type: event.type, schemaVersion, data: encodeRideEvent(event) }),
}

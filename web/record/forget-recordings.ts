/** What was recorded in this browser by a rider who leaves: nobody can send it any more, and nobody else is to find it. */
import { setHasRecordings } from './has-recordings.ts'
import { openRecordingStore } from './recording-store.ts'

/** A tab that records such a ride stops: it cannot write to it any more. */
export async function forgetRecordings(riderId: string, storage: Storage): Promise<void> {
  const store = await openRecordingStore(() => undefined)
  try {
    for (const { rideId } of await store.ridesOf(riderId)) await store.remove(rideId)
    if ((await store.lastRider()) === riderId) await store.setLastRider(null)
    setHasRecordings(storage, await store.hasRidesBeside(riderId))
  } finally {
    store.close()
  }
}

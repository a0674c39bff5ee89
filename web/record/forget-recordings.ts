/** What stays in this browser of a rider who leaves. */
import { setHasRecordings } from './has-recordings.ts'
import { openRecordingStore } from './recording-store.ts'

/**
 * He signs out: nobody begins a ride in his name where there is no network, and which rides he sent is not to be read here. What
 * the server does not have yet stays, unseen by others, until he signs in again: it is nowhere else.
 */
export async function forgetRider(open: typeof openRecordingStore = openRecordingStore): Promise<void> {
  const store = await open(() => undefined)
  try {
    const riderId = await store.lastRider()
    if (riderId === null) return
    for (const { rideId, sentAt } of await store.ridesOf(riderId)) {
      if (sentAt !== undefined) await store.remove(rideId)
    }
    await store.setLastRider(null)
  } finally {
    store.close()
  }
}

/**
 * His account is deleted: nobody can send what he recorded any more, and nobody else is to find it. A tab that records such a
 * ride stops: it cannot write to it any more.
 */
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

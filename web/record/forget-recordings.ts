/** What stays in this browser of a rider who leaves. */
import { lastRider, setLastRider } from '../account/last-rider.ts'
import { setHasRecordings } from './has-recordings.ts'
import { openRecordingStore } from './recording-store.ts'

/**
 * He signs out: nobody begins a ride in his name where there is no network, and which rides he sent is not to be read here. What
 * the server does not have yet stays, unseen by others, until he signs in again: it is nowhere else.
 */
export async function forgetRider(
  storage: Storage,
  open: typeof openRecordingStore = openRecordingStore,
): Promise<void> {
  const riderId = lastRider(storage)
  if (riderId === null) return
  setLastRider(storage, null)
  const store = await open()
  try {
    for (const { rideId, sentAt } of await store.ridesOf(riderId)) {
      if (sentAt !== undefined) await store.remove(rideId)
    }
  } finally {
    store.close()
  }
}

/**
 * His account is deleted: nobody can send what he recorded any more, and nobody else is to find it. A tab that records such a
 * ride stops: it cannot write to it any more.
 */
export async function forgetRecordings(riderId: string, storage: Storage): Promise<void> {
  const store = await openRecordingStore()
  try {
    for (const { rideId } of await store.ridesOf(riderId)) await store.remove(rideId)
    if (lastRider(storage) === riderId) setLastRider(storage, null)
    setHasRecordings(storage, await store.hasRidesBeside(riderId))
  } finally {
    store.close()
  }
}

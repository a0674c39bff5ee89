import { expect, it } from 'vitest'
import { lastRider, setLastRider } from '../../../web/account/last-rider.ts'
import { forgetRider } from '../../../web/record/forget-recordings.ts'
import type { RecordingStore, StoredRide } from '../../../web/record/recording-store.ts'
import { memoryStorage } from './memory-store.ts'
import { ana, beginMs, storeOf } from './phone.ts'

it('of who signs out nothing stays on a phone but what the server does not have', async () => {
  const waiting: StoredRide = { rideId: 'waiting', riderId: ana, startedAt: beginMs, length: 3 }
  let rides = [waiting, { ...waiting, rideId: 'sent', sentAt: beginMs }]
  const storage = memoryStorage()
  setLastRider(storage, ana)
  let isOpen = true
  const store: RecordingStore = {
    ...storeOf([]),
    ridesOf: async () => rides,
    hasRidesBeside: async () => false,
    setSent: async () => undefined,
    remove: async (rideId) => {
      rides = rides.filter((ride) => ride.rideId !== rideId)
    },
    close: () => {
      isOpen = false
    },
  }
  await forgetRider(storage, async () => store)
  expect(rides).toEqual([waiting])
  expect(lastRider(storage)).toBeNull()
  expect(isOpen).toBe(false)
})

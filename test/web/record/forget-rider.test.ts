import { expect, it } from 'vitest'
import { forgetRider } from '../../../web/record/forget-recordings.ts'
import type { RecordingStore, StoredRide } from '../../../web/record/recording-store.ts'
import { ana, beginMs, storeOf } from './phone.ts'

it('of who signs out nothing stays on a phone but what the server does not have', async () => {
  const waiting: StoredRide = { rideId: 'waiting', riderId: ana, startedAt: beginMs, length: 3 }
  let rides = [waiting, { ...waiting, rideId: 'sent', sentAt: beginMs }]
  let last: string | null = ana
  let isOpen = true
  const store: RecordingStore = {
    ...storeOf([]),
    ridesOf: async () => rides,
    hasRidesBeside: async () => false,
    setSent: async () => undefined,
    remove: async (rideId) => {
      rides = rides.filter((ride) => ride.rideId !== rideId)
    },
    lastRider: async () => last,
    setLastRider: async (riderId) => {
      last = riderId
    },
    close: () => {
      isOpen = false
    },
  }
  await forgetRider(async () => store)
  expect(rides).toEqual([waiting])
  expect(last).toBeNull()
  expect(isOpen).toBe(false)
})

import { expect, test } from 'vitest'
import { othersRights, ownersRights } from '#api/feed-rights.ts'
import type { RecordedEvent } from '#log/read.ts'
import { encodeRideEvent } from '#ride/encoding.ts'
import type { RideChanges } from '#ride/events.ts'
import { localRider } from '#rights/viewer.ts'

const viewer = { ...localRider, riderId: 'somebody else' }
const ride = { rideId: 'a', riderId: 'the rider', visibility: 'UNLISTED', version: 5 } as const

function edited(version: number, changes: RideChanges, { isRead = true } = {}): RecordedEvent {
  const data: unknown = JSON.parse(encodeRideEvent({ type: 'RideEdited', at: 0, changes, status: 'ACTIVE' }))
  return {
    partition: 0,
    position: version,
    streamId: 'a',
    version,
    eventId: '',
    type: 'RideEdited',
    schemaVersion: 1,
    recordedAt: 0,
    data: isRead ? data : null,
    metadata: null,
  }
}

test('others see a ride until it is taken back, and not because it once was', () => {
  const rights = othersRights(viewer, ride)
  expect(rights.now()).toBe('other')
  rights.hear(edited(3, { visibility: 'PRIVATE' }))
  rights.hear(edited(6, { title: 'Another' }))
  rights.hear(edited(7, { visibility: 'PRIVATE' }, { isRead: false }))
  expect(rights.now()).toBe('other')
  rights.hear(edited(8, { visibility: 'PRIVATE' }))
  rights.hear(edited(7, { visibility: 'PUBLIC' }))
  expect(rights.now()).toBeUndefined()
})

test('the rider sees it whatever it is', () => {
  ownersRights.hear(edited(8, { visibility: 'PRIVATE' }))
  expect(ownersRights.now()).toBe('owner')
})

import { expect, test } from 'vitest'
import { OthersRights, ownersRights, whileCurrent } from '#api/feed-rights.ts'
import { type Sink, sourceOf } from '#live/source.ts'
import type { RecordedEvent } from '#log/read.ts'
import { encodeRideEvent } from '#ride/encoding.ts'
import type { RideChanges } from '#ride/events.ts'
import { anonymous, localRider, type Viewer } from '#rights/viewer.ts'

const viewer = { ...localRider, riderId: 'somebody else' }
const ride = { rideId: 'a', riderId: 'the rider', visibility: 'UNLISTED', version: 5 } as const
const noon = () => 12

const linked: Viewer = { ...anonymous(''), share: { rideId: 'a', shareId: 'link' } }
const shared = (expiresAt: number | null) => ({
  ...ride,
  visibility: 'PRIVATE' as const,
  shares: [{ id: 'link', expiresAt }],
})

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
  const rights = new OthersRights(viewer, ride, noon)
  expect(rights.now()).toBe('other')
  rights.hear(edited(3, { visibility: 'PRIVATE' }))
  rights.hear(edited(6, { title: 'Another' }))
  rights.hear(edited(7, { visibility: 'PRIVATE' }, { isRead: false }))
  expect(rights.now()).toBe('other')
  rights.hear(edited(8, { visibility: 'PRIVATE' }))
  rights.hear(edited(7, { visibility: 'PUBLIC' }))
  expect(rights.now()).toBeUndefined()
})

test('what a newer program said of it may have taken the ride back, and its link', () => {
  for (const [who, known] of [
    [viewer, ride],
    [linked, shared(null)],
  ] as const) {
    const rights = new OthersRights(who, known, noon)
    rights.hear({ ...edited(4, { title: 'Before' }), schemaVersion: 99 })
    expect(rights.now()).toBe('other')
    rights.hear({ ...edited(6, { title: 'Perhaps' }), schemaVersion: 99 })
    expect(rights.now()).toBeUndefined()
  }
})

test('what was read of the ride elsewhere counts where it is newer than what was heard', () => {
  const rights = new OthersRights(viewer, ride, noon)
  rights.hear(edited(7, { visibility: 'PUBLIC' }))
  rights.learn({ ...ride, visibility: 'PRIVATE', version: 6 })
  expect(rights.now()).toBe('other')
  rights.learn({ ...ride, visibility: 'PRIVATE', version: 8 })
  expect(rights.now()).toBeUndefined()
})

test('the rider sees it whatever it is', () => {
  const rights = ownersRights(viewer)
  rights.hear(edited(8, { visibility: 'PRIVATE' }))
  expect(rights.now()).toBe('owner')
})

test('a link shows a private ride until it is taken back, whatever becomes of other links', () => {
  const rights = new OthersRights(linked, shared(null), noon)
  rights.hear(edited(6, { unshare: 'another' }))
  expect(rights.now()).toBe('other')
  // The tail is ahead of what is read: neither hides what the other says.
  rights.hear(edited(9, { visibility: 'PRIVATE' }))
  rights.hear(edited(8, { unshare: 'link' }))
  expect(rights.now()).toBeUndefined()
})

test('a link shows a ride until it expires, by the clock of that moment', () => {
  let now = 12
  const rights = new OthersRights(linked, shared(13), () => now)
  expect(rights.now()).toBe('other')
  now = 13
  expect(rights.now()).toBeUndefined()
  rights.hear(edited(6, { share: { id: 'link', expiresAt: 14 } }))
  expect(rights.now()).toBe('other')
})

test('a link of another ride shows nothing', () => {
  const elsewhere = { ...linked, share: { rideId: 'b', shareId: 'link' } }
  expect(new OthersRights(elsewhere, shared(null), noon).now()).toBeUndefined()
})

test('whose credential is gone is told so before the next item', () => {
  let isCurrent = true
  const somebody: Viewer = { ...viewer, isCurrent: () => isCurrent }
  const [owners, others] = [ownersRights(somebody), new OthersRights(somebody, ride, noon)]
  let sink: Sink<number> | undefined
  const source = sourceOf<number>('numbers', (given) => {
    sink = given
    return { resume: () => undefined, forget: () => undefined, stop: () => undefined }
  })
  const taken: number[] = []
  whileCurrent(source, somebody).begin({
    take: (item) => taken.push(item) > 0,
    end: () => undefined,
  })
  expect(sink?.take(1, 1, '')).toBe(true)
  isCurrent = false
  const gone = expect.objectContaining({ extensions: { code: 'UNAUTHENTICATED' } })
  for (const next of [() => owners.now(), () => others.now(), () => sink?.take(2, 2, '')]) {
    expect(() => next()).toThrow(gone)
  }
  expect(taken).toEqual([1])
})

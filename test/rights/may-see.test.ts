import { describe, expect, test } from 'vitest'
import { mayList, maySee, type Visible } from '#rights/may-see.ts'
import { anonymous, localRider, type Viewer } from '#rights/viewer.ts'

const ride: Visible = {
  rideId: 'ride',
  riderId: 'rider',
  visibility: 'PRIVATE',
  shares: [
    { id: 'for good', expiresAt: null },
    { id: 'until noon', expiresAt: 12 },
  ],
}
const nobody = anonymous('')
const rider: Viewer = { ...localRider, riderId: 'rider' }
const withLink = (shareId: string, rideId = 'ride'): Viewer => ({ ...nobody, share: { rideId, shareId } })

describe('a ride is seen', () => {
  test('whatever its visibility, by its rider with the right to read', () => {
    expect(maySee(rider, ride, 0)).toBe(true)
    expect(maySee({ ...rider, scopes: new Set(['rides:write']) }, ride, 0)).toBe(false)
    expect(mayList(rider, ride)).toBe(true)
  })

  test('by others where it is not private, and come upon where it is public', () => {
    expect(maySee(nobody, ride, 0)).toBe(false)
    expect(maySee(nobody, { ...ride, visibility: 'UNLISTED' }, 0)).toBe(true)
    expect(mayList(nobody, { ...ride, visibility: 'UNLISTED' })).toBe(false)
    expect(mayList(nobody, { ...ride, visibility: 'PUBLIC' })).toBe(true)
  })

  test('with a link of its own, until that expires; and never come upon by it', () => {
    expect(maySee(withLink('for good'), ride, 1e15)).toBe(true)
    expect(maySee(withLink('until noon'), ride, 11)).toBe(true)
    expect(maySee(withLink('until noon'), ride, 12)).toBe(false)
    expect(maySee(withLink('taken back'), ride, 0)).toBe(false)
    expect(maySee(withLink('for good', 'another ride'), ride, 0)).toBe(false)
    expect(maySee(withLink('for good'), { ...ride, shares: null }, 0)).toBe(false)
    expect(mayList(withLink('for good'), ride)).toBe(false)
  })
})

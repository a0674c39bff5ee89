/** What the live page's map is told to keep in view. */
import { expect, it } from 'vitest'
import { createFollowing } from '../../../web/live/following.ts'
import type { Box } from '../../../web/map/geodesy.ts'
import type { RideOnMap } from '../../../web/map/moving-ride.ts'

const at = (rideId: string, longitude: number): RideOnMap => ({
  ...{ rideId, place: [longitude, 46], version: 1, status: 'active', label: null },
  ...{ through: [], isSetDown: false, heading: null },
})

function watched() {
  const fits: Box[] = []
  const map = {
    bounds: () => ({ west: 0, south: 40, east: 20, north: 50 }),
    fitBounds: (box: Box) => void fits.push(box),
    follow: () => undefined,
  }
  return { fits, following: createFollowing(map) }
}

it('what a search leaves is framed, and so are all where nothing is sought any more', () => {
  const { fits, following } = watched()
  const [anna, bert] = [at('a', 7), at('b', 9)]
  following.keep('all', '[]', [anna, bert], 0)
  following.keep('all', '[]', [anna, bert], 10)
  expect(fits).toHaveLength(1)
  following.keep('all', '["bert"]', [bert], 20)
  following.keep('all', '["bert"]', [bert], 30)
  expect(fits).toHaveLength(2)
  expect([fits[1]?.west, fits[1]?.east]).toEqual([9, 9])
  following.keep('all', '[]', [anna, bert], 40)
  expect([fits[2]?.west, fits[2]?.east]).toEqual([7, 9])
})

it('the one that is followed stays as it is whatever is sought', () => {
  const { fits, following } = watched()
  following.keep('a', '[]', [at('a', 7), at('b', 9)], 0)
  following.keep('a', '["a"]', [at('a', 7)], 10)
  expect(fits).toHaveLength(1)
})

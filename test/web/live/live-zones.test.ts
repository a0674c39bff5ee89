import { expect, test } from 'vitest'
import type { LiveRide } from '../../../web/live/documents.ts'
import { withoutZone } from '../../../web/live/live-zones.ts'
import type { RideSummary } from '../../../web/rides/documents.ts'

const ids = (rides: LiveRide[]) => rides.map(({ rideId }) => rideId)
const board = (...rides: LiveRide[]) => new Map(rides.map((ride) => [ride.rideId, ride]))

function live(rideId: string, hasPlace = true): LiveRide {
  return {
    rideId,
    version: 2,
    status: 'ACTIVE',
    title: rideId,
    rider: { id: 'rider', name: 'Anna' },
    startedAt: '2026-11-21T06:05:00Z',
    updatedAt: '2026-11-21T06:05:00Z',
    position: hasPlace ? { at: '2026-11-21T06:05:00Z', latitude: 46, longitude: 7, heading: null } : null,
    progress: null,
  }
}

function listed(id: string, timeZone: string | null): RideSummary {
  return {
    id,
    version: 2,
    cursor: id,
    status: 'ACTIVE',
    title: id,
    startedAt: '2026-11-21T06:05:00Z',
    timeZone,
    rider: { id: 'rider', name: 'Anna' },
    progress: null,
    statistics: null,
  }
}

test('the zone is asked for of a ride in progress that the list does not know it of', () => {
  const rides = board(live('new'), live('known'), live('began without a place'))
  const list = [listed('known', 'Europe/Zurich'), listed('began without a place', null)]
  expect(ids(withoutZone(rides, list))).toEqual(['new', 'began without a place'])
})

test('a ride without a place has none yet', () => {
  expect(ids(withoutZone(board(live('new', false)), []))).toEqual([])
})

test('of a great many rides none is asked for one by one', () => {
  const rides = Array.from({ length: 31 }, (_, index) => live(`ride ${index}`))
  expect(withoutZone(board(...rides), [])).toEqual([])
  expect(withoutZone(board(...rides.slice(1)), [])).toHaveLength(30)
})

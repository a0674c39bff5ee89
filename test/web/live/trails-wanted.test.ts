import { expect, test } from 'vitest'
import { areAllTrailsWanted, mostPointsEach, trailsWanted } from '../../../web/live/trails-wanted.ts'
import { boardOf, liveRide } from './live-ride.ts'

const board = boardOf(liveRide('a', 1), liveRide('b', 1))

test('all trails are shown of few rides, and a ride more or less does not make them come and go', () => {
  expect(areAllTrailsWanted(20, false)).toBe(true)
  expect(areAllTrailsWanted(21, false)).toBe(false)
  expect(areAllTrailsWanted(21, true)).toBe(true)
  expect(areAllTrailsWanted(26, true)).toBe(false)
  expect([...trailsWanted(board, null, true)]).toEqual(['a', 'b'])
})

test('of many rides the chosen one has its trail, as long as it is in progress', () => {
  expect([...trailsWanted(board, 'b', false)]).toEqual(['b'])
  expect([...trailsWanted(board, 'gone', false)]).toEqual([])
  expect([...trailsWanted(board, null, false)]).toEqual([])
})

test('all trails together have a bounded number of points', () => {
  for (const count of [1, 2, 5, 20, 25]) expect(mostPointsEach(count) * count).toBeLessThanOrEqual(60_000)
  expect(mostPointsEach(1)).toBe(12_000)
  expect(mostPointsEach(0)).toBe(12_000)
})

/** What the recorder's map draws of a long ride. */
import { expect, it } from 'vitest'
import type { TakenPosition } from '../../../web/record/entries.ts'
import { createWay } from '../../../web/record/way.ts'

const taken = (index: number): TakenPosition => ({
  ...{ at: index * 1_000, latitude: 46 + index * 0.00004, longitude: 7, accuracy: 5 },
})

it('each stretch between pauses is a line, and one that has just begun is none yet', () => {
  const way = createWay()
  const positions = [0, 1, 2].map(taken)
  const ride = { rideId: 'a', positions, positionsFrom: 0 }
  expect(way.upTo(ride, [0]).map((line) => line.length)).toEqual([3])
  expect(way.upTo(ride, [0, 3]).map((line) => line.length)).toEqual([3, 0])
  positions.push(taken(3), taken(4))
  expect(way.upTo(ride, [0, 3]).map((line) => line.length)).toEqual([3, 2])
  expect(way.upTo(ride, [0, 3])).toEqual([
    [0, 1, 2].map((index) => [7, taken(index).latitude]),
    [3, 4].map((index) => [7, taken(index).latitude]),
  ])
})

it('another ride begins anew, and so does one of which less is known', () => {
  const way = createWay()
  way.upTo({ rideId: 'a', positions: [0, 1, 2].map(taken), positionsFrom: 0 }, [0])
  expect(way.upTo({ rideId: 'a', positions: [0, 1].map(taken), positionsFrom: 0 }, [0])).toHaveLength(1)
  const other = way.upTo({ rideId: 'b', positions: [5, 6].map(taken), positionsFrom: 5 }, [0, 3])
  expect(other.map((line) => line.length)).toEqual([0, 2])
})

it('of ten hours fewer places are drawn, the newest as they were taken', () => {
  const way = createWay(1_000)
  const positions: TakenPosition[] = []
  let most = 0
  for (let index = 0; index < 36_000; index++) {
    positions.push(taken(index))
    const lines = way.upTo({ rideId: 'a', positions, positionsFrom: 0 }, [0])
    most = Math.max(most, lines[0]?.length ?? 0)
  }
  expect(most).toBe(1_000)
  const line = way.upTo({ rideId: 'a', positions, positionsFrom: 0 }, [0])[0] ?? []
  expect(line[0]).toEqual([7, 46])
  expect(line.slice(-240)).toEqual(positions.slice(-240).map(({ latitude }) => [7, latitude]))
})

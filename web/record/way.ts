/**
 * The way of a ride so far as the map draws it. It grows with each position; of a day's ride, which is tens of thousands of them,
 * the older ones become fewer, as on the live page. What is recorded keeps them all.
 */
import { thinTrack } from '../live/thin-track.ts'
import type { LonLat } from '../live/track.ts'
import { mostPointsOfOne } from '../live/trails-wanted.ts'
import { placeOfPosition } from './distance.ts'
import type { RideQueue } from './ride-queue.ts'

export interface Way {
  /** A line for each stretch between pauses. They grow in place. */
  upTo(
    ride: Pick<RideQueue, 'rideId' | 'positions' | 'positionsFrom'>,
    stretches: readonly number[],
  ): LonLat[][]
}

export function createWay(most = mostPointsOfOne): Way {
  let rideId: string | null = null
  const way: { lines: LonLat[][] } = { lines: [] }
  let taken = 0
  let begun = 0

  return {
    upTo({ rideId: id, positions, positionsFrom }, stretches) {
      const count = positionsFrom + positions.length
      // It was read again where there are fewer.
      if (id !== rideId || count < taken) {
        rideId = id
        way.lines = []
        taken = 0
        begun = 0
      }
      for (let index = Math.max(taken, positionsFrom); index <= count; index++) {
        for (; (stretches[begun] ?? Number.POSITIVE_INFINITY) <= index; begun++) way.lines.push([])
        const position = positions[index - positionsFrom]
        if (position !== undefined) way.lines.at(-1)?.push(placeOfPosition(position))
      }
      taken = count
      thinTrack(way, most)
      return way.lines
    },
  }
}

/** Running numbers against the final ones, however the uploads came. */
import { describe, expect, test } from 'vitest'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import type { RideEvent } from '#ride/events.ts'
import type { Position } from '#ride/position.ts'
import { evolve, notStarted } from '#ride/ride.ts'
import { statisticsOf } from '#ride/track/statistics.ts'
import { trackOf } from '#ride/track/track.ts'
import { ended, paused, resumed, started } from './given.ts'
import { compared, expectAlike, uploadsOf } from './running.ts'
import { aroundCircle, rideOf, seconds, upload } from './track/known-ride.ts'

const positions = aroundCircle({ circumference: 10_000, distanceAt: (second) => 8 * second, to: 1250 })

const ofUploads = (uploads: readonly (readonly Position[])[]): RideEvent[] => [
  started,
  ...uploads.map(upload),
  ended(seconds(1250)),
]

const shifted = (from: number, to: number, degrees: number) =>
  positions.map((position, index) =>
    index >= from && index < to ? { ...position, latitude: position.latitude! + degrees } : position,
  )

describe('the running numbers at the end are those of the track, within a hundredth', () => {
  test.each([
    ['upload after upload', uploadsOf(positions, 60)],
    ['when two uploads in a row change places', swapped(uploadsOf(positions, 60), 5, 6)],
    ['when ten minutes come after all others', lateTo(uploadsOf(positions, 60), 5, 15)],
    ['when the first ten minutes come last', lateTo(uploadsOf(positions, 60), 0, 10)],
    ['when all come in reverse', uploadsOf(positions, 60).toReversed()],
    ['when uploads are sent twice under other ids', uploadsOf(positions, 60).flatMap((each) => [each, each])],
    ['with bad fixes every minute', uploadsOf(positions.map(bad), 60)],
    ['with a bad first fix', uploadsOf(shifted(0, 1, 0.4), 60)],
    ['with the receiver elsewhere for fifty seconds', uploadsOf(shifted(300, 350, 0.4), 60)],
    ['where the ride goes on elsewhere', uploadsOf(shifted(700, 1251, 0.4), 60)],
    ['with the null island now and then', uploadsOf(positions.map(island), 60)],
  ])('%s', (_, uploads) => {
    expectAlike(compared(ofUploads(uploads)))
  })

  test('of simulated rides, with their stops, pauses and tunnels', () => {
    for (const seed of [1, 2, 3, 4]) {
      const { endedAt, entries } = simulateRide({
        ...{ seed, startedAt: seconds(0), duration: 3_600 },
        start: { latitude: 46.05, longitude: 14.5 },
      })
      const events: RideEvent[] = [started]
      let open: Position[] = []
      const flush = () => {
        if (open.length > 0) events.push(upload(open))
        open = []
      }
      for (const entry of entries) {
        if (entry.kind === 'position') {
          open.push(entry.position)
          if (open.length === 10) flush()
          continue
        }
        flush()
        events.push(entry.kind === 'pause' ? paused(entry.at) : resumed(entry.at))
      }
      flush()
      expectAlike(compared([...events, ended(endedAt)]))
    }
  })
})

test('a ride that is finished has the numbers of its track', () => {
  const { distance, movingTime, timerTime } = statisticsOf(trackOf(rideOf(positions)))
  const finished: RideEvent = {
    type: 'RideFinished',
    at: seconds(2000),
    progress: { distance, movingTime, timerTime, speed: null },
  }
  const state = [...rideOf(positions), finished].reduce(evolve, notStarted)
  expect(state).toMatchObject({ status: 'FINISHED' })
})

function bad(position: Position, index: number): Position {
  return index % 60 === 30 ? { ...position, latitude: position.latitude! + 0.05 } : position
}

function island(position: Position, index: number): Position {
  return index % 50 === 30 ? { ...position, latitude: 0, longitude: 0 } : position
}

function swapped<Item>(items: readonly Item[], a: number, b: number): Item[] {
  return items.with(a, items[b]!).with(b, items[a]!)
}

function lateTo<Item>(items: readonly Item[], from: number, to: number): Item[] {
  return [...items.slice(0, from), ...items.slice(to), ...items.slice(from, to)]
}

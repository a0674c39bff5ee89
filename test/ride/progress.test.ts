/** Running numbers against the final ones, however the uploads came. */
import { describe, expect, test } from 'vitest'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import type { RideEvent } from '#ride/events.ts'
import type { Position } from '#ride/position.ts'
import { progressOf, runningFrom, runningResumed, runningStopped, runningWith } from '#ride/progress.ts'
import { evolve, notStarted } from '#ride/ride.ts'
import { statisticsOf } from '#ride/track/statistics.ts'
import { trackOf } from '#ride/track/track.ts'
import { ended, started } from './given.ts'
import { aroundCircle, rideOf, seconds, upload } from './track/known-ride.ts'

const positions = aroundCircle({ circumference: 10_000, distanceAt: (second) => 8 * second, to: 1250 })

const uploadsOf = (all: readonly Position[], size: number): Position[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  )

/** What the running numbers are at the end, and what the track says. */
function compared(uploads: readonly (readonly Position[])[], to = 1250) {
  const running = uploads.reduce((numbers, each) => runningWith(numbers, each), runningFrom(seconds(0)))
  const progress = progressOf(runningStopped(running, seconds(to)))
  return { progress, final: statisticsOf(trackOf([started, ...uploads.map(upload), ended(seconds(to))])) }
}

function expectAlike({ progress, final }: ReturnType<typeof compared>) {
  expect(Math.abs(progress.distance / final.distance - 1)).toBeLessThan(0.01)
  expect(Math.abs(progress.movingTime / final.movingTime - 1)).toBeLessThan(0.01)
  expect(progress.timerTime).toBe(final.timerTime)
}

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
    expectAlike(compared(uploads))
  })

  test('of simulated rides, with their stops, pauses and tunnels', () => {
    for (const seed of [1, 2, 3, 4]) {
      const { startedAt, endedAt, entries } = simulateRide({
        ...{ seed, startedAt: seconds(0), duration: 3_600 },
        start: { latitude: 46.05, longitude: 14.5 },
      })
      let running = runningFrom(startedAt)
      const events: RideEvent[] = [started]
      let open: Position[] = []
      const flush = () => {
        if (open.length > 0) events.push(upload(open))
        running = runningWith(running, open)
        open = []
      }
      const progress = { distance: 0, movingTime: 0, timerTime: 0, speed: null }
      for (const entry of entries) {
        if (entry.kind === 'position') {
          open.push(entry.position)
          if (open.length === 10) flush()
          continue
        }
        flush()
        running =
          entry.kind === 'pause' ? runningStopped(running, entry.at) : runningResumed(running, entry.at)
        events.push({ type: entry.kind === 'pause' ? 'RidePaused' : 'RideResumed', at: entry.at, progress })
      }
      flush()
      running = runningStopped(running, endedAt)
      expectAlike({
        progress: progressOf(running),
        final: statisticsOf(trackOf([...events, { type: 'RideEnded', at: endedAt, progress }])),
      })
    }
  })
})

test('what is kept from upload to upload stays small, whatever comes', () => {
  const scattered = uploadsOf(positions, 10).filter((_, index) => index % 3 === 0)
  const running = scattered.reduce((numbers, each) => runningWith(numbers, each), runningFrom(seconds(0)))
  expect(running.gaps!.length).toBeLessThanOrEqual(16)
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

/** Running numbers against the final ones: any run of wrong fixes, any order of the uploads. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RideEvent } from '#ride/events.ts'
import type { Position } from '#ride/position.ts'
import { runningWith } from '#ride/progress.ts'
import { evolve, notStarted, type RideState } from '#ride/ride.ts'
import { progressOf, type RunningNumbers, runningFrom } from '#ride/running-numbers.ts'
import { ended, paused, resumed, started } from './given.ts'
import { compared, expectAlike, uploadsOf } from './running.ts'
import { aroundCircle, displaced, rideOf, seconds, upload } from './track/known-ride.ts'

/** Half an hour at 6 to 10 m/s around a circle of a kilometre, so that a straight leg is short of the way. */
const length = 1_800
const positions = aroundCircle({
  circumference: 1_000,
  distanceAt: (second) => 8 * second + 60 * Math.sin(second / 30),
  to: length,
})

const size = fc.constantFrom(1, 7, 10, 60, 1_000)

describe('the receiver elsewhere for a while', () => {
  /** So many fixes from this one on lie elsewhere, by metres east and north. */
  interface Wrong {
    readonly from: number
    readonly count: number
    readonly east: number
    readonly north: number
  }
  const away = fc.oneof(fc.integer({ min: 3_000, max: 9_000 }), fc.integer({ min: -9_000, max: -3_000 }))
  const wrong = (from: fc.Arbitrary<number>): fc.Arbitrary<Wrong> =>
    fc.record({ from, count: fc.integer({ min: 1, max: 100 }), east: away, north: away })

  const withWrong = (runs: readonly Wrong[]): Position[] =>
    positions.map((position, index) => {
      const run = runs.find(({ from, count }) => index >= from && index < from + count)
      if (run === undefined) return position
      const { latitude = 0, longitude = 0 } = position
      return { ...position, ...displaced({ latitude, longitude }, [run.east, run.north]) }
    })

  const recorded = (runs: readonly Wrong[], uploadSize: number): RideEvent[] => [
    started,
    ...uploadsOf(withWrong(runs), uploadSize).map(upload),
    ended(seconds(length)),
  ]

  test('in the middle of a ride', () => {
    fc.assert(
      fc.property(wrong(fc.integer({ min: 1, max: length - 200 })), size, (run, uploadSize) => {
        expectAlike(compared(recorded([run], uploadSize)))
      }),
      { numRuns: 60 },
    )
  })

  test('at its beginning and at its end', () => {
    fc.assert(
      fc.property(
        wrong(fc.constant(0)),
        wrong(fc.integer({ min: length - 99, max: length })),
        size,
        (first, last, uploadSize) => expectAlike(compared(recorded([first, last], uploadSize))),
      ),
      { numRuns: 40 },
    )
  })

  test('three times', () => {
    const runs = fc.tuple(
      wrong(fc.integer({ min: 0, max: 200 })),
      wrong(fc.integer({ min: 600, max: 800 })),
      wrong(fc.integer({ min: 1_200, max: 1_500 })),
    )
    fc.assert(
      fc.property(runs, size, (three, uploadSize) => expectAlike(compared(recorded(three, uploadSize)))),
      { numRuns: 40 },
    )
  })

  test('just behind a tunnel, where it might be true', () => {
    const behind = positions.filter((_, index) => index <= 900 || index >= 1_000)
    for (const count of [1, 10, 50]) {
      const fixes = behind.map((position, index) => {
        const { latitude = 0, longitude = 0 } = position
        const isWrong = index > 900 && index <= 900 + count
        return isWrong ? { ...position, ...displaced({ latitude, longitude }, [0, 3_000]) } : position
      })
      for (const uploadSize of [1, 60, 1_000]) {
        expectAlike(compared([started, ...uploadsOf(fixes, uploadSize).map(upload), ended(seconds(length))]))
      }
    }
  })
})

/** Stretches of a ride, and the pauses between them. */
const bounds = [
  [0, 400],
  [460, 900],
  [1_000, 1_300],
  [1_500, length],
] as const

const during = (from: number, to: number) => positions.slice(from, to + 1)

test('uploads of rides with pauses may be sent in any later stretch, in any order', () => {
  const later = fc.integer({ min: 0, max: 3 })
  // For each upload in which stretch it is sent, and where among the others there.
  const sent = fc.array(fc.tuple(later, fc.integer()), { minLength: 250, maxLength: 250 })
  fc.assert(
    fc.property(fc.constantFrom(10, 25, 60), sent, fc.boolean(), (uploadSize, places, ofPauses) => {
      const sendings = bounds.map((): { order: number; positions: Position[] }[] => [])
      let next = 0
      for (const [stretch, [from, to]] of bounds.entries()) {
        for (const each of uploadsOf(during(from, to), uploadSize)) {
          const [latest, order] = places[next++]!
          // Most uploads come in time; one in eight is late, and of one stretch some are in another order.
          const isLate = order % 8 === 0
          const sentIn = isLate ? Math.max(stretch, latest) : stretch
          sendings[sentIn]!.push({ order: isLate ? order : each[0]!.at, positions: each })
        }
        // What a device recorded while the timer stood still does not count, whenever it is sent.
        const pausedTo = bounds[stretch + 1]?.[0]
        if (ofPauses && pausedTo !== undefined)
          sendings[stretch + 1]!.push({ order: 0, positions: during(to + 1, pausedTo - 1) })
      }
      const events: RideEvent[] = [started]
      for (const [stretch, [from, to]] of bounds.entries()) {
        if (stretch > 0) events.push(resumed(seconds(from)))
        const inOrder = sendings[stretch]!.sort((a, b) => a.order - b.order)
        events.push(...inOrder.map((each) => upload(each.positions)))
        events.push(to === length ? ended(seconds(to)) : paused(seconds(to)))
      }
      expectAlike(compared(events))
    }),
    { numRuns: 60 },
  )
})

/**
 * Pauses at these seconds, each for so long; the rider is measured
 * every so often, and uploads what there is at each pause.
 */
function withPauses(interval: number, pauses: readonly { at: number; lasts: number }[]): RideEvent[] {
  const events: RideEvent[] = [started]
  const samples = positions.filter((_, index) => index % interval === 0)
  let from = 0
  const uploadTo = (second: number) => {
    const open = samples.filter(({ at }) => at >= seconds(from) && at <= seconds(second))
    if (open.length > 0) events.push(upload(open))
    from = second + 1
  }
  for (const { at, lasts } of pauses) {
    uploadTo(at)
    events.push(paused(seconds(at)), resumed(seconds(at + lasts)))
    if (lasts > 0) from = at + lasts
  }
  uploadTo(length)
  return [...events, ended(seconds(length))]
}

describe('a pause of no length is none', () => {
  test.each([5, 7])('with a sample every %i seconds and one every ten', (interval) => {
    const pauses = Array.from({ length: length / 10 - 1 }, (_, index) => ({ at: 10 * (index + 1), lasts: 0 }))
    const { progress, final } = compared(withPauses(interval, pauses))
    expect(progress.distance).toBeCloseTo(final.distance, 1)
    expect(progress).toMatchObject({ movingTime: final.movingTime, timerTime: final.timerTime })
  })

  test('among others, wherever they fall', () => {
    const pause = fc.record({ after: fc.integer({ min: 10, max: 90 }), lasts: fc.constantFrom(0, 0, 1, 40) })
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 5), fc.array(pause, { maxLength: 12 }), (interval, each) => {
        let at = 0
        const pauses = each.map(({ after, lasts }) => {
          const begun = at + after
          at = begun + lasts
          return { at: begun, lasts }
        })
        expectAlike(compared(withPauses(interval, pauses)))
      }),
      { numRuns: 60 },
    )
  })

  test('the timer never goes back, and what was uploaded late behind it counts', () => {
    const timerTimes: number[] = []
    const events: RideEvent[] = [
      ...[started, upload(during(0, 7)), paused(seconds(10)), resumed(seconds(10)), upload(during(8, 9))],
      ...[upload(during(10, 12)), paused(seconds(12)), resumed(seconds(12)), upload(during(13, length))],
      ended(seconds(length)),
    ]
    let state: RideState = notStarted
    for (const event of events) {
      state = evolve(state, event)
      if ('running' in state) timerTimes.push(progressOf(state.running).timerTime)
    }
    expect(timerTimes).toEqual([...timerTimes].sort((a, b) => a - b))
    expect(timerTimes.slice(1, 5)).toEqual([7, 10, 10, 10])
    const { progress, final } = compared(events)
    expect(progress.distance).toBeCloseTo(final.distance, 1)
    expect(progress.timerTime).toBe(length)
  })

  test('nothing of it is kept when the ride has ended', () => {
    const events = [started, upload(during(0, 60)), paused(seconds(60)), ended(seconds(70))]
    const running = runningOf(events)
    expect(JSON.parse(JSON.stringify(running))).not.toHaveProperty('paused')
    expect(JSON.stringify(running)).not.toContain('latitude')
  })
})

function runningOf(events: readonly RideEvent[]): RunningNumbers {
  const state = events.reduce<RideState>(evolve, notStarted)
  if (!('running' in state)) throw new Error('The ride was not started')
  return state.running
}

describe('small uploads', () => {
  test.each([1, 2, 5, 10, 20])('of %i positions may come in reverse', (uploadSize) => {
    const uploads = uploadsOf(positions, uploadSize).toReversed()
    expectAlike(compared([started, ...uploads.map(upload), ended(seconds(length))]))
  })

  test('may come late by up to eight others', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(5, 10, 20),
        fc.array(fc.nat(8), { minLength: 400, maxLength: 400 }),
        (uploadSize, late) => {
          const uploads = uploadsOf(positions, uploadSize)
            .map((each, index) => ({ each, order: index + late[index]! }))
            .sort((a, b) => a.order - b.order)
          expectAlike(compared([started, ...uploads.map(({ each }) => upload(each)), ended(seconds(length))]))
        },
      ),
      { numRuns: 30 },
    )
  })
})

const sizeOf = (numbers: RunningNumbers) => JSON.stringify(numbers).length

test('what is kept from upload to upload is small, whatever comes', () => {
  let ordinary = runningFrom(seconds(0))
  for (const each of uploadsOf(positions, 10).slice(0, 20)) ordinary = runningWith(ordinary, each)
  expect(sizeOf(ordinary)).toBeLessThan(300)
  const scattered = uploadsOf(positions, 10)
    .filter((_, index) => index % 3 === 0)
    .map((each, index) =>
      each.map((position) => ({ ...position, latitude: position.latitude! + (index % 5) * 0.1 })),
    )
  let longest = 0
  let running = runningFrom(seconds(0))
  for (const each of scattered) {
    running = runningWith(running, each)
    longest = Math.max(longest, sizeOf(running))
  }
  expect(longest).toBeLessThan(2_500)
})

test('a ride that was begun under an older version goes on with the numbers it has', () => {
  const earlier = {
    ...{ distance: 4_000, movingMs: 500_000, timerMs: 0, stretchFrom: seconds(0), lastAt: seconds(600) },
    fix: { at: seconds(600), latitude: positions[600]!.latitude!, longitude: positions[600]!.longitude! },
    ...{ speed: 8, stray: { fix: { ...positions[601] }, count: 1, distance: 0, movingMs: 0 } },
    gaps: [{ from: seconds(0), to: seconds(100), before: null, after: { ...positions[100]! } }],
  }
  const running: RunningNumbers = JSON.parse(JSON.stringify(earlier))
  const late = runningWith(running, during(0, 99))
  const expected = compared(rideOf(during(0, 100))).final.distance
  expect(late.distance - 4_000).toBeCloseTo(expected, 6)
  expect(late.gaps).toEqual([])
  const on = runningWith(late, during(601, 660))
  expect(on.distance - late.distance).toBeCloseTo(
    compared([started, upload(during(600, 660)), ended(seconds(660))]).final.distance,
    6,
  )
})

test('what an older version wrote and nobody reads any more goes with the first event, whichever it is', () => {
  const begun = [started, upload(during(0, 60))].reduce<RideState>(evolve, notStarted)
  if (begun.status === 'NOT_STARTED' || begun.status === 'DELETED')
    throw new Error('The ride was not started')
  const stray = { fix: { ...positions[601] }, count: 1, distance: 0, movingMs: 0 }
  const earlier: RideState = { ...begun, running: { ...begun.running, ...{ stray } } }
  const edited: RideEvent = {
    type: 'RideEdited',
    at: seconds(61),
    changes: { title: 'Home' },
    status: 'ACTIVE',
  }
  for (const event of [upload(during(61, 70)), paused(seconds(61)), ended(seconds(61)), edited]) {
    const after = evolve(earlier, event)
    expect(JSON.stringify(after)).not.toContain('stray')
    expect(after).toEqual(evolve(begun, event))
  }
})

test('a ride that was paused under an older version goes on with a new stretch', () => {
  const before = [started, upload(during(0, 60)), paused(seconds(60))].reduce<RideState>(evolve, notStarted)
  if (before.status !== 'PAUSED') throw new Error('The ride was not paused')
  const { paused: _, ...running } = before.running
  const state = evolve({ ...before, running }, resumed(seconds(60)))
  expect(state).toMatchObject({ running: { stretchFrom: seconds(60), timerMs: 60_000, fix: null } })
})

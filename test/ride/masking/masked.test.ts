/** A ride with privacy zones, as others are shown it: while it is ridden, and as a whole once it has ended. */
import { expect, test } from 'vitest'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import type { RideEvent, RideStarted } from '#ride/events.ts'
import type { Mask, Zone } from '#ride/mask.ts'
import { isInside } from '#ride/masking/hidden.ts'
import {
  beginMasked,
  foldMasked,
  type MaskedFold,
  maskedVersion,
  stepMasked,
} from '#ride/masking/masked-fold.ts'
import { maskedRide, maskOf } from '#ride/masking/masked-track.ts'
import { isFix } from '#ride/track/segment.ts'
import { statisticsOf } from '#ride/track/statistics.ts'
import { trackOf } from '#ride/track/track.ts'
import { ended, finished, noProgress, rider, start } from '../given.ts'

const home = { latitude: 46.05, longitude: 14.5 }
const zone: Zone = { latitude: 46.0512, longitude: 14.5021, radius: 500 }
const mask: Mask = { version: 3, zones: [zone] }

/** A loop from home and back, in uploads of so many samples. */
function ridden(seed: number, samples: number, duration = 3_000): RideEvent[] {
  const { entries, startedAt, endedAt } = simulateRide({ seed, start: home, startedAt: start, duration })
  const events: RideEvent[] = [
    { type: 'RideStarted', at: startedAt, riderId: rider.riderId, title: null, visibility: 'PUBLIC', mask },
  ]
  let waiting = upload()
  for (const entry of entries) {
    if (entry.kind === 'position') waiting.positions.push(entry.position)
    if (waiting.positions.length === samples || (entry.kind !== 'position' && waiting.positions.length > 0)) {
      events.push({ ...waiting, at: waiting.positions.at(-1)!.at })
      waiting = upload()
    }
    if (entry.kind === 'pause') events.push({ type: 'RidePaused', at: entry.at, progress: noProgress })
    if (entry.kind === 'resume') events.push({ type: 'RideResumed', at: entry.at, progress: noProgress })
  }
  if (waiting.positions.length > 0) events.push({ ...waiting, at: waiting.positions.at(-1)!.at })
  // Home at last.
  const at = endedAt + 1_000
  const arrived = { ...upload(), at, positions: [{ at, ...home }] }
  return [...events, arrived, ended(at), finished(at + 1_000)]
}

function upload() {
  return { type: 'RidePositionsRecorded' as const, at: 0, positions: [] as Positions, progress: noProgress }
}
type Positions = (RideEvent & { type: 'RidePositionsRecorded' })['positions'][number][]

function shownOf(events: readonly RideEvent[]) {
  const steps: { fold: MaskedFold; shown: readonly RideEvent[] }[] = []
  let fold = beginMasked(events[0] as RideStarted, maskOf(events), false)
  for (const event of events.slice(1)) {
    const step = stepMasked(fold, event)
    steps.push(step)
    fold = step.fold
  }
  return { fold, steps, shown: steps.flatMap(({ shown }) => shown) }
}

function positionsOf(events: readonly RideEvent[]) {
  return events.flatMap((event) => (event.type === 'RidePositionsRecorded' ? event.positions : []))
}

const known = (at: number): RideEvent => ({
  type: 'RideMasked',
  at,
  mask,
  isEndKnown: true,
  status: 'FINISHED',
})

for (const samples of [1, 7, 100, 1000]) {
  test(`in uploads of ${samples}, others get every position outside the zones, and none inside`, () => {
    for (const seed of [1, 2, 3]) {
      const events = ridden(seed, samples)
      const { shown } = shownOf(events)
      const seen = positionsOf(shown)
      const places = seen.filter(isFix)
      expect(places.filter((place) => isInside([zone], place))).toEqual([])
      const outside = positionsOf(events).filter((each) => isFix(each) && !isInside([zone], each))
      expect(places).toEqual(outside)
      expect(positionsOf(maskedRide(events, mask)!.events)).toEqual(seen)
    }
  })
}

test('it begins with the first position outside: no time, number or version tells of the way there', () => {
  const events = ridden(4, 5)
  const { shown, steps } = shownOf(events)
  const [first, second] = shown
  const places = positionsOf(shown)
  expect(first).toMatchObject({ type: 'RideStarted', at: places[0]!.at })
  expect(second).toMatchObject({ type: 'RidePositionsRecorded', progress: { timerTime: expect.any(Number) } })
  expect((second as { progress: { timerTime: number } }).progress.timerTime).toBeLessThan(5)
  const versions = steps.filter(({ shown }) => shown.length > 0).map(({ fold }) => maskedVersion(fold))
  expect(versions[0]).toBe(3_000_002)
  expect(versions).toEqual(versions.map((_, index) => 3_000_002 + index))
  expect(shown.filter(({ type }) => type === 'RideStarted')).toHaveLength(1)
})

test('an end in a zone is kept back until others may know of it, and then is where they saw it last', () => {
  const events = ridden(5, 10)
  const before = shownOf(events)
  expect(before.fold.isHidden).toBe(true)
  expect(before.shown.filter(({ type }) => type === 'RideEnded' || type === 'RideFinished')).toEqual([])
  const last = positionsOf(before.shown).at(-1)!.at
  const after = shownOf([...events, known(last + 600_000)])
  expect(after.steps.at(-1)?.shown).toMatchObject([
    { type: 'RideEnded', at: last },
    { type: 'RideFinished', at: last, progress: null },
  ])
  // Whoever reads it all later counts the same.
  expect(foldMasked([...events, known(last + 600_000)], mask)?.count).toBe(after.fold.count)
})

test('a ride of which nothing is outside is shown to nobody', () => {
  const events = ridden(6, 10).map((event) =>
    event.type === 'RidePositionsRecorded' ? { ...event, positions: event.positions.slice(0, 0) } : event,
  )
  const indoors: RideEvent = { ...upload(), at: start + 1_000, positions: [{ at: start + 1_000, ...home }] }
  const ride = [events[0]!, indoors, ...events.slice(1)]
  expect(shownOf([...ride, known(start + 9_000_000)]).shown).toEqual([])
  expect(maskedRide(ride, mask)).toBeUndefined()
})

test('what is measured is what is seen: across a zone in the middle nothing is added', () => {
  const events = ridden(7, 20)
  const places = positionsOf(events).filter(isFix)
  const middle = places[Math.floor(places.length / 2)]!
  const crossed: Mask = { version: 4, zones: [zone, { ...middle, radius: 400 }] }
  const ride = maskedRide(events, crossed)!
  const track = trackOf(ride.events)
  const seen = statisticsOf(track)
  const whole = statisticsOf(trackOf(events))
  expect(seen.distance).toBeLessThan(whole.distance - 1_000)
  expect(seen.timerTime).toBeLessThan(whole.timerTime)
  expect(track.segments.flatMap(({ fixes }) => fixes).some((fix) => isInside(crossed.zones, fix))).toBe(false)
  const { shown } = shownOf([{ ...events[0]!, mask: crossed } as RideEvent, ...events.slice(1)])
  const progress = shown.findLast((event) => event.type === 'RidePositionsRecorded')
  // While it is ridden jitter is not smoothed; the rest is the same.
  expect((progress as { progress: { distance: number } }).progress.distance / seen.distance).toBeCloseTo(1, 1)
})

test('a sample without a place is where the last one was', () => {
  const at = (second: number) => start + second * 1_000
  const outside = { latitude: 46.1, longitude: 14.5 }
  const events: RideEvent[] = [
    ridden(1, 1)[0]!,
    {
      ...upload(),
      at: at(6),
      positions: [
        { at: at(0), heartRate: 90 },
        { at: at(1), ...home },
        { at: at(2), heartRate: 91 },
        { at: at(3), ...outside },
        { at: at(4), heartRate: 92 },
        // No place to believe, and it may be the very one.
        { at: at(5), ...home, accuracy: 400 },
        { at: at(6), latitude: 0, longitude: 0 },
      ],
    },
    { ...upload(), at: at(8), positions: [{ at: at(7), ...home }] },
    { ...upload(), at: at(8), positions: [{ at: at(8), latitude: 0, longitude: 0, heartRate: 93 }] },
  ]
  const seen = positionsOf(shownOf(events).shown)
  expect(seen.map((each) => (each.at - start) / 1_000)).toEqual([3, 4, 5, 6])
  expect(seen.some(({ latitude }) => latitude === home.latitude)).toBe(false)
})

test('late positions are judged by their own places, and change nothing of where the rider is now', () => {
  const at = (second: number) => start + second * 1_000
  const outside = { latitude: 46.1, longitude: 14.5 }
  const one = (second: number, place: object): RideEvent => ({
    ...upload(),
    at: at(second),
    positions: [{ at: at(second), ...place }],
  })
  const events = [
    ridden(1, 1)[0]!,
    one(10, outside),
    one(2, home),
    one(3, outside),
    one(4, {}),
    one(11, outside),
  ]
  const { shown, fold } = shownOf(events)
  expect(positionsOf(shown).map((each) => (each.at - start) / 1_000)).toEqual([10, 3, 11])
  expect(fold.isHidden).toBe(false)
})

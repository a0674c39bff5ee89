/** A ride with privacy zones, as others are shown it: while it is ridden, and as a whole once it has ended. */
import { describe, expect, test } from 'vitest'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import type { RideEvent, RideStarted } from '#ride/events.ts'
import type { Mask, Zone } from '#ride/mask.ts'
import { isInside } from '#ride/masking/hidden.ts'
import { beginMasked, type MaskedFold, maskedVersion, stepMasked } from '#ride/masking/masked-fold.ts'
import { maskedRide, maskOf } from '#ride/masking/masked-track.ts'
import { type Fix, isFix } from '#ride/track/segment.ts'
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

function shownOf(events: readonly RideEvent[], isEndKnown = false) {
  const steps: { fold: MaskedFold; shown: readonly RideEvent[] }[] = []
  let fold = beginMasked(events[0] as RideStarted, maskOf(events), isEndKnown)
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

/** Of each run of places outside all but the first two, behind which it may still be an error. */
function confirmed(places: readonly Fix[]): Fix[] {
  let run = 0
  return places.filter((place) => {
    run = isInside([zone], place) ? 0 : run + 1
    return run > 2
  })
}

const known = (at: number): RideEvent => ({
  type: 'RideMasked',
  at,
  mask,
  isEndKnown: true,
  status: 'FINISHED',
})

for (const samples of [1, 7, 100, 1000]) {
  test(`in uploads of ${samples}, others get every place outside that is confirmed, and none inside`, () => {
    for (const seed of [1, 2, 3]) {
      const events = ridden(seed, samples)
      const { shown } = shownOf(events)
      const seen = positionsOf(shown)
      const places = seen.filter(isFix)
      expect(places.filter((place) => isInside([zone], place))).toEqual([])
      expect(places).toEqual(confirmed(positionsOf(events).filter(isFix)))
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
  expect((second as { progress: { timerTime: number } }).progress.timerTime).toBeLessThan(10)
  const versions = steps.filter(({ shown }) => shown.length > 0).map(({ fold }) => maskedVersion(fold))
  // One for each that is shown, and for the first two at once.
  expect(versions[0]).toBe(3_000_002)
  expect(versions.at(-1)).toBe(3_000_000 + shown.length)
  expect(shown.filter(({ type }) => type === 'RideStarted')).toHaveLength(1)
})

test('an end in a zone is kept back until others may know of it, and then is where they saw it last', () => {
  const events = ridden(5, 10)
  const before = shownOf(events)
  expect(before.fold.whereabouts.isHidden).toBe(true)
  expect(before.shown.filter(({ type }) => type === 'RideEnded' || type === 'RideFinished')).toEqual([])
  const last = positionsOf(before.shown).at(-1)!.at
  const after = shownOf([...events, known(last + 600_000)])
  expect(after.steps.at(-1)?.shown).toMatchObject([
    { type: 'RideEnded', at: last },
    { type: 'RideFinished', at: last, progress: null },
  ])
  // Whoever reads it all later counts the same.
  const later = shownOf([...events, known(last + 600_000)], true)
  expect(later.fold.count).toBe(after.fold.count)
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

const at = (second: number) => start + second * 1_000
/** Some 7 m a second, north of the zone. */
const outside = (second: number) => ({ latitude: 46.1 + second * 6e-5, longitude: 14.5 })

function one(second: number, place: object): RideEvent {
  return { ...upload(), at: at(second), positions: [{ at: at(second), ...place }] }
}

/** The seconds of what others are shown, once all is. */
function secondsOf(events: readonly RideEvent[]): number[] {
  const ride = [ridden(1, 1)[0]!, ...events, ended(at(100)), known(at(9_000))]
  return positionsOf(shownOf(ride).shown).map((each) => (each.at - start) / 1_000)
}

test('a sample without a place is where the last one was', () => {
  const events = [
    one(0, { heartRate: 90 }),
    one(1, home),
    one(2, { heartRate: 91 }),
    ...[3, 4, 5].map((second) => one(second, outside(second))),
    one(6, { heartRate: 92 }),
    one(7, { latitude: 0, longitude: 0, heartRate: 93 }),
    one(8, home),
    one(9, { latitude: 0, longitude: 0, heartRate: 94 }),
  ]
  expect(secondsOf(events)).toEqual([5, 6, 7])
})

test("last night's place at the start, and a leap behind the end, show nothing of either", () => {
  const elsewhere = { latitude: 46.2, longitude: 14.5, accuracy: 5 }
  const ride = Array.from({ length: 20 }, (_, second) => one(second + 10, outside(second + 10)))
  const events = [
    // Once, or again and again.
    ...[0, 1, 2, 3, 4].map((second) => one(second, elsewhere)),
    ...[5, 6].map((second) => one(second, home)),
    ...ride,
    one(40, home),
    one(41, { ...elsewhere, latitude: 46.25 }),
    one(42, { ...elsewhere, latitude: 46.15 }),
  ]
  expect(secondsOf(events)).toEqual(ride.slice(2).map((_, index) => index + 12))
})

test('a place that is known badly hides where it may be in a zone, and shows nobody the way out', () => {
  const vague = { ...outside(0), latitude: 46.057, accuracy: 200 }
  const events = [
    ...[0, 1, 2, 3].map((second) => one(second, vague)),
    ...[4, 5, 6, 7].map((second) => one(second, outside(second))),
    // Beside the zone, and not outside of it for sure; then in it, by a mast.
    one(8, vague),
    one(9, { ...home, accuracy: 900 }),
    one(10, { ...outside(10), accuracy: 60 }),
  ]
  expect(secondsOf(events)).toEqual([6, 7])
})

test('late positions are judged by their own places, and change nothing of where the rider is now', () => {
  const late = [2, 3, 4, 5, 6].map((second) => ({ at: at(second), ...(second < 3 ? home : outside(second)) }))
  const events = [
    ...[10, 11, 12].map((second) => one(second, outside(second))),
    { ...upload(), at: at(6), positions: late },
    one(7, {}),
    one(13, outside(13)),
  ]
  expect(secondsOf(events)).toEqual([5, 6, 7, 12, 13])
})

describe('once a clock was ahead', () => {
  const ahead = (place: object) => one(7_200, place)

  test('a ride is shown all the same, a place an upload, and by windows as any other', () => {
    const ride = Array.from({ length: 40 }, (_, second) => one(second, outside(second)))
    for (const stray of [ahead(home), ahead(outside(1))]) {
      const { steps, shown } = shownOf([ridden(1, 1)[0]!, stray, ...ride])
      const places = positionsOf(shown).map((each) => (each.at - start) / 1_000)
      expect(places).toEqual(Array.from({ length: 28 }, (_, index) => index + 2))
      expect(steps.filter(({ shown }) => shown.length > 0)).toHaveLength(3)
    }
  })

  test('a pause and an end at home are kept from others as ever, whatever place that clock was at', () => {
    const out = Array.from({ length: 30 }, (_, second) => one(second, outside(second)))
    const back = Array.from({ length: 10 }, (_, second) => one(second + 100, home))
    const ride = [ridden(1, 1)[0]!, ...out, ahead(outside(40)), one(40, outside(40)), ...back]
    const paused: RideEvent = { type: 'RidePaused', at: at(120), progress: noProgress }
    const { shown } = shownOf([...ride, paused, ended(at(130)), finished(at(131))])
    expect(new Set(shown.map(({ type }) => type))).toEqual(new Set(['RideStarted', 'RidePositionsRecorded']))
  })
})

test('positions are shown by windows of the clock, whatever uploads they came in', () => {
  const seconds = Array.from({ length: 70 }, (_, second) => second)
  const all = seconds.map((second) => ({ at: at(second), ...(second < 13 ? home : outside(second)) }))
  const sizes = [1, 7, 20, 64].map((size) => {
    const uploads = seconds
      .filter((second) => second % size === 0)
      .map((from) => {
        const positions = all.slice(from, from + size)
        return { ...upload(), at: positions.at(-1)!.at, positions }
      })
    const { shown } = shownOf([ridden(1, 1)[0]!, ...uploads])
    return shown.flatMap((event) => (event.type === 'RidePositionsRecorded' ? [event.positions.length] : []))
  })
  // From second 15 on; the last window is not over.
  for (const each of sizes) expect(each).toEqual([5, 10, 10, 10, 10])
})

test('positions of one instant, which no clock ever ends the window of, are kept back only so many', () => {
  const instant = Array.from({ length: 400 }, () => ({ at: at(9), ...outside(9) }))
  const uploads = Array.from({ length: 5 }, () => ({ ...upload(), at: at(9), positions: instant }))
  const out = [5, 6, 7].map((second) => one(second, outside(second)))
  const { steps, shown } = shownOf([ridden(1, 1)[0]!, ...out, ...uploads])
  expect(Math.max(...steps.map(({ fold }) => fold.waiting.length))).toBeLessThanOrEqual(1_000)
  expect(positionsOf(shown).length).toBeGreaterThan(1_000)
})

test('uploads that meet at the same instant show an end that is known', () => {
  const [twelve, thirteen] = [12, 13].map((second) => ({ at: at(second), ...outside(second) }))
  const events = [
    ...[10, 11].map((second) => one(second, outside(second))),
    { ...upload(), at: at(13), positions: [twelve!, { at: at(13), ...home }] },
    { ...upload(), at: at(13), positions: [thirteen!] },
    ended(at(14)),
  ]
  const ride = [ridden(1, 1)[0]!, ...events]
  expect(shownOf(ride).fold.whereabouts.isHidden).toBe(maskedRide(ride, mask)?.endsHidden)
})

/** What is true of every track. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RideEvent } from '#ride/events.ts'
import type { Position } from '#ride/position.ts'
import { along } from '#ride/track/along.ts'
import { distanceBetween } from '#ride/track/geodesy.ts'
import { possibleSpeed } from '#ride/track/possible.ts'
import type { Track } from '#ride/track/segment.ts'
import { splitsOf } from '#ride/track/splits.ts'
import { statisticsOf } from '#ride/track/statistics.ts'
import { openStreams } from '#ride/track/streams.ts'
import { excludedOf, trackOf } from '#ride/track/track.ts'
import { decodeTrack, encodeTrack } from '#ride/track/track-encoding.ts'
import { aroundCircle, noise, rideOfStretches, seconds, upload } from './known-ride.ts'

/** What a receiver may do to a sample. */
const mischief = fc.constantFrom(
  'none',
  'none',
  'none',
  'far',
  'near',
  'null island',
  'no fix',
  'poor',
  'again',
)

const samples: fc.Arbitrary<readonly Position[]> = fc
  .record({
    length: fc.integer({ min: 2, max: 220 }),
    interval: fc.constantFrom(1, 1, 2, 5),
    speed: fc.constantFrom(0, 2, 8, 15),
    deviation: fc.constantFrom(0, 0, 0.1, 3),
    seed: fc.integer({ min: 1, max: 1_000_000 }),
    longitude: fc.constantFrom(14.5, 180, -0.001),
    mischiefs: fc.array(fc.tuple(fc.nat(219), mischief, fc.integer({ min: 1, max: 90 })), { maxLength: 6 }),
  })
  .map(({ length, interval, speed, deviation, seed, longitude, mischiefs }) => {
    const ride = aroundCircle({
      centre: { latitude: 46, longitude },
      circumference: 3_000,
      distanceAt: (second) => speed * second,
      to: (length - 1) * interval,
      interval,
      error: noise(deviation, seed),
    })
    const measured = ride.map((position, index) => ({
      ...position,
      altitude: 300 + Math.round(20 * Math.sin(index / 9)) / 2,
      heartRate: 120 + (index % 40),
    }))
    return mischiefs.reduce(
      (all, [at, kind, count]) => spoilt(all, at % length, kind, count),
      measured as Position[],
    )
  })

function spoilt(all: readonly Position[], from: number, kind: string, count: number): Position[] {
  const fixed = (sample: Position): boolean => sample.latitude !== undefined
  if (kind === 'again')
    return [
      ...all,
      ...all
        .slice(from, from + count)
        .filter(fixed)
        .map((one) => ({ ...one, latitude: 46.001 })),
    ]
  return all.map((sample, index) => {
    if (index < from || index >= from + count || sample.latitude === undefined) return sample
    if (kind === 'far') return { ...sample, latitude: round(sample.latitude + 0.5) }
    if (kind === 'near') return { ...sample, latitude: round(sample.latitude + 0.002) }
    if (kind === 'null island') return { ...sample, latitude: 0, longitude: 0 }
    if (kind === 'poor') return { ...sample, accuracy: 400 }
    const { at, altitude, heartRate } = sample
    return kind === 'no fix' ? { at, altitude, heartRate } : sample
  })
}

/** To the log's units. */
const round = (degrees: number) => Math.round(degrees * 1e7) / 1e7

/** Whole rides, with pauses cut into them. */
const rides: fc.Arbitrary<RideEvent[]> = fc
  .tuple(samples, fc.array(fc.nat(219), { maxLength: 3 }))
  .map(([positions, cuts]) => {
    const at = [...new Set(cuts.map((cut) => cut % positions.length))].sort((a, b) => a - b)
    const inOrder = [...positions].sort((a, b) => a.at - b.at)
    const between = at.filter((cut) => inOrder[cut]!.at !== inOrder[cut - 1]?.at)
    const parts = [0, ...between].map((from, index) => inOrder.slice(from, between[index] ?? inOrder.length))
    return rideOfStretches(parts.filter((part) => part.length > 0))
  })

const runs = { numRuns: 150 }
const holds = (property: (track: Track) => void) =>
  fc.assert(
    fc.property(rides, (events) => property(trackOf(events))),
    runs,
  )

test('splits add up to the ride: its distance, elapsed and moving time', () => {
  holds((track) => {
    const milestones = along(track)
    const { distance, elapsedTime, movingTime } = statisticsOf(track, milestones)
    for (const unit of ['KILOMETRE', 'MILE'] as const) {
      const splits = splitsOf(track, milestones, unit)
      const total = (read: (split: (typeof splits)[number]) => number) =>
        splits.reduce((sum, split) => sum + read(split), 0)
      expect(total((split) => split.distance)).toBeCloseTo(distance, 6)
      if (distance === 0) continue
      expect(total((split) => split.elapsedTime)).toBeCloseTo(elapsedTime, 6)
      expect(total((split) => split.movingTime)).toBeCloseTo(movingTime, 6)
      expect(
        splits.slice(0, -1).every((split) => Math.abs(split.distance - splits[0]!.distance) < 1e-6),
      ).toBe(true)
    }
  })
})

test("streams end at the ride's distance, run forward, and keep the extremes at any resolution", () => {
  holds((track) => {
    const milestones = along(track)
    const all = openStreams(track, milestones)()
    for (const resolution of [undefined, 2, 20, 100]) {
      const streams = openStreams(track, milestones)(resolution)
      const size = Math.min(resolution ?? milestones.length, milestones.length)
      for (const channel of Object.values(streams)) {
        if (Array.isArray(channel)) expect(channel.length).toBe(size)
      }
      expect(streams.originalSize).toBe(milestones.length)
      if (size === 0) continue
      const { distance, movingTime, elevationGain } = statisticsOf(track, milestones)
      expect(streams.distance.at(-1)).toBe(distance)
      expect(streams.movingTime.at(-1)).toBe(movingTime)
      expect(streams.elevationGain.at(-1)).toBe(elevationGain)
      for (const name of ['movingTime', 'movingDistance', 'segment'] as const)
        expect(streams[name]).toEqual([...streams[name]].sort((a, b) => a - b))
      const parts = track.segments.map(({ samples }) => samples.length)
      if (size === milestones.length)
        expect(parts.map((_, index) => streams.segment.filter((each) => each === index).length)).toEqual(
          parts,
        )
      expect(streams.time).toEqual([...streams.time].sort((a, b) => a - b))
      expect(new Set(streams.time).size).toBe(streams.time.length)
      expect(streams.distance).toEqual([...streams.distance].sort((a, b) => a - b))
      if (size < 20) continue
      for (const name of ['altitude', 'speed', 'heartRate'] as const)
        expect(rangeOf(streams[name])).toEqual(rangeOf(all[name]))
    }
  })
})

const rangeOf = (channel: readonly (number | null)[]) => {
  const measured = channel.filter((value) => value !== null)
  return [Math.min(...measured), Math.max(...measured)]
}

test('cleaning what was cleaned leaves out nothing more and moves nothing', () => {
  holds((track) => {
    const again = trackOf(eventsOf(track))
    expect(again.excluded).toEqual([])
    const { distance, movingTime, ...rest } = statisticsOf(track)
    expect(statisticsOf(again)).toMatchObject(rest)
    expect(statisticsOf(again).distance).toBeCloseTo(distance, 6)
    expect(statisticsOf(again).movingTime).toBeCloseTo(movingTime, 6)
  })
})

/** The ride as its track has it: a segment that ends where the next begins is one stretch, interrupted by a leap. */
function eventsOf(track: Track): RideEvent[] {
  const events: RideEvent[] = []
  for (const [index, { from, to, samples: own }] of track.segments.entries()) {
    const before = track.segments[index - 1]
    const progress = null
    if (before === undefined) events.push(...rideOfStretches([[{ at: from }]]).slice(0, 1))
    else if (before.to !== from) events.push({ type: 'RideResumed', at: from, progress: none })
    if (own.length > 0) events.push(upload(own))
    const next = track.segments[index + 1]
    if (next !== undefined && next.from !== to) events.push({ type: 'RidePaused', at: to, progress: none })
    if (next === undefined) events.push({ type: 'RideEnded', at: track.endedAt, progress: progress ?? none })
  }
  return events
}
const none = { distance: 0, movingTime: 0, timerTime: 0, speed: null }

test('the order of the uploads makes no difference, nor how the positions were shared out among them', () => {
  fc.assert(
    fc.property(samples, fc.integer({ min: 1, max: 60 }), fc.nat(), (positions, size, seed) => {
      const uploads = Array.from({ length: Math.ceil(positions.length / size) }, (_, index) =>
        upload(positions.slice(index * size, (index + 1) * size)),
      )
      const shuffled = [...uploads].sort((a, b) => ((a.at ^ seed) % 7) - ((b.at ^ seed) % 7))
      const [first, last] = [seconds(0), Math.max(...positions.map(({ at }) => at))]
      const ride = (events: readonly RideEvent[]) =>
        trackOf([
          ...rideOfStretches([[{ at: first }]]).slice(0, 1),
          ...events,
          { type: 'RideEnded', at: last, progress: none },
        ])
      const inOrder = ride(uploads)
      expect(ride(shuffled)).toEqual(inOrder)
      expect(ride(uploads.toReversed())).toEqual(inOrder)
      expect(ride([upload(positions)])).toEqual(inOrder)
    }),
    runs,
  )
})

test('every sample is in the track once or has a reason, times run strictly forward, and no leg is faster than a bicycle', () => {
  fc.assert(
    fc.property(rides, (events) => {
      const track = trackOf(events)
      const recorded = events.flatMap((event) =>
        event.type === 'RidePositionsRecorded' ? event.positions : [],
      )
      const kept = track.segments.flatMap((segment) => segment.samples)
      const count = (reasons: readonly string[]) =>
        track.excluded.reduce((sum, each) => sum + (reasons.includes(each.reason) ? each.count : 0), 0)
      expect(kept.length + count(['DUPLICATE_TIME', 'OUTSIDE_ACTIVE_TIME'])).toBe(recorded.length)
      for (const [index, { at }] of kept.entries())
        if (index > 0) expect(at).toBeGreaterThan(kept[index - 1]!.at)
      for (const { fixes, samples: own } of track.segments) {
        expect(own.filter(({ latitude }) => latitude !== undefined)).toEqual(fixes)
        for (const [index, fix] of fixes.entries()) {
          const before = fixes[index - 1]
          if (before === undefined) continue
          const speed = (distanceBetween(before, fix) * 1000) / (fix.at - before.at)
          expect(speed).toBeLessThanOrEqual(possibleSpeed)
        }
      }
    }),
    runs,
  )
})

test('what is left out is told position by position as it is counted, in the order of time', () => {
  fc.assert(
    fc.property(rides, (events) => {
      const excluded = excludedOf(events)
      const counted = trackOf(events).excluded.map(({ reason, count }) => [reason, count] as const)
      const told = Map.groupBy(excluded, ({ reason }) => reason)
      expect(new Map([...told].map(([reason, those]) => [reason, those.length]))).toEqual(new Map(counted))
      const key = ({ at, latitude, longitude }: Position) => `${at} ${latitude} ${longitude}`
      const recorded = new Set(
        events.flatMap((event) => (event.type === 'RidePositionsRecorded' ? event.positions.map(key) : [])),
      )
      for (const [index, { position }] of excluded.entries()) {
        expect(recorded).toContain(key(position))
        if (index > 0) expect(position.at).toBeGreaterThanOrEqual(excluded[index - 1]!.position.at)
      }
    }),
    runs,
  )
})

test('a track that was kept is read as it was', () => {
  holds((track) => {
    const kept = JSON.parse(JSON.stringify(encodeTrack(track)))
    const read = decodeTrack(kept, track.excluded)
    expect(statisticsOf(read)).toEqual(statisticsOf(track))
    expect(along(read).map(({ distance }) => distance)).toEqual(along(track).map(({ distance }) => distance))
  })
})

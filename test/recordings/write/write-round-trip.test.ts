import { fail } from 'node:assert'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readRecording } from '#recordings/read/read.ts'
import { type Recording, type RecordingEntry, timeOf } from '#recordings/recording.ts'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import type { ExportedRide } from '#recordings/write/exported-ride.ts'
import { writeGpx } from '#recordings/write/write-gpx.ts'
import { writeTcx } from '#recordings/write/write-tcx.ts'
import type { Position } from '#ride/position.ts'
import { rideOf } from '../ridden.ts'

const start = Date.UTC(2026, 4, 1, 8)
const formats = [
  ['GPX', writeGpx],
  ['TCX', writeTcx],
] as const

/** The ride that comes of the file, imported. */
async function readBack(document: string): Promise<ExportedRide> {
  const outcome = await readRecording(Buffer.from(document))
  return outcome.outcome === 'read' ? rideOf(outcome.recording) : fail(outcome.reason)
}

async function expectTheSame(ride: ExportedRide, write: (ride: ExportedRide) => Iterable<string>) {
  const back = await readBack([...write(ride)].join(''))
  expect(back.track.segments).toEqual(ride.track.segments)
  expect(back.statistics).toEqual(ride.statistics)
  expect(back.title).toBe(ride.title)
}

const at = (second: number): number => start + Math.round(second * 1_000)
/** Due north at 5 m/s. */
const north = (second: number): RecordingEntry => ({
  kind: 'position',
  position: {
    at: at(second),
    latitude: 46 + (second * 5) / 111_195,
    longitude: 14.5,
    altitude: 300 + second,
  },
})
const pause = (second: number): RecordingEntry => ({ kind: 'pause', at: at(second) })
const resume = (second: number): RecordingEntry => ({ kind: 'resume', at: at(second) })
const every = (seconds: readonly number[]) => seconds.map(north)
const recording = (entries: readonly RecordingEntry[], until: number, from = 0): Recording => {
  return { name: 'Home', startedAt: at(from), endedAt: at(until), entries }
}

describe.each(formats)('a ride written as %s and read again is the same', (_, write) => {
  test.each([1, 2, 3])('simulated, with pauses, a tunnel and all sensors (seed %i)', async (seed) => {
    const place = { latitude: 46.05, longitude: 14.5 }
    const ride = rideOf(simulateRide({ seed, start: place, startedAt: start, duration: 3_600 }))
    expect(ride.statistics).toMatchObject({
      averagePower: expect.any(Number),
      maxHeartRate: expect.any(Number),
    })
    await expectTheSame(ride, write)
  })

  test('that began long before its first sample and ended long after its last', () =>
    expectTheSame(rideOf(recording(every([0, 1, 2]), 900, -60)), write))

  test('whose pause ended long before the next sample', () =>
    expectTheSame(
      rideOf(recording([...every([0, 1]), pause(1.5), resume(60), ...every([90, 91])], 91)),
      write,
    ))

  test('that was paused for no time at all, at a sample and between two', () =>
    expectTheSame(
      rideOf(
        recording(
          [...every([0, 1]), pause(1), resume(1), north(2), pause(2.5), resume(2.5), ...every([3, 4])],
          5,
        ),
      ),
      write,
    ))

  test('with all that the service takes, also what is not believed of others', async () => {
    const ride = rideOf(recording(atTheLimits, 5))
    await expectTheSame(ride, write)
    const document = [...write(ride)].join('').replaceAll(/<slipstream:ride .*<\/slipstream:ride>/gs, '')
    const { track } = await readBack(document)
    expect(track.segments.flatMap(({ samples }) => samples.flatMap(({ power }) => power ?? []))).toEqual([])
  })

  test('in which the receiver leapt', async () => {
    const ride = rideOf(
      recording(
        [...every([...Array(100).keys()]), ...every([...Array(100).keys()].map((n) => n + 100)).map(far)],
        200,
      ),
    )
    expect(ride.track.segments).toHaveLength(2)
    await expectTheSame(ride, write)
  })

  test('with a stretch without a sample, and an end in a pause', () =>
    expectTheSame(
      rideOf(
        recording([...every([0, 1]), pause(2), resume(10), pause(20), resume(30), north(31), pause(40)], 50),
      ),
      write,
    ))

  test('whatever was recorded', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyRecording,
        fc.string({ unit: 'grapheme', minLength: 1 }),
        async (recorded, name) => {
          const title = name.trim() || 'Ride'
          await expectTheSame({ ...rideOf(recorded), title }, write)
        },
      ),
      { numRuns: 150, seed: 20_260_501 },
    )
  })
})

const limits: readonly Omit<Position, 'at'>[] = [
  { altitude: 9_500, heartRate: 0, cadence: 255, power: 5_000, speed: 130 },
  { altitude: -600, heartRate: 255, cadence: 254.6, power: 9_999, speed: 499 },
  { altitude: 20_000, heartRate: 500, cadence: 1_000, power: 10_000, accuracy: 1_000_000 },
]
const atTheLimits = [
  ...every([0, 1]),
  ...limits.map(
    (sensors, index): RecordingEntry => ({
      kind: 'position',
      position: { at: at(2 + index), ...(index < 2 && { latitude: 46.0001, longitude: 14.5 }), ...sensors },
    }),
  ),
]

test.each([
  ['GPX', writeGpx, /<trkpt .*\n/],
  ['TCX', writeTcx, /<Trackpoint>.*\n/],
] as const)('a %s that lost a point since it was written is read as any other', async (_, write, point) => {
  const withoutFix: RecordingEntry = { kind: 'position', position: { at: at(3), heartRate: 120 } }
  const ride = rideOf(recording([...every([0, 1, 2]), withoutFix, pause(5), resume(10), north(20)], 900))
  const document = [...write(ride)].join('')
  const outcome = await readRecording(Buffer.from(document.replace(point, '')))
  const { entries, startedAt } = outcome.outcome === 'read' ? outcome.recording : fail(outcome.reason)
  expect(entries.map((entry) => [entry.kind, timeOf(entry) - start])).toEqual([
    ['position', 1_000],
    ['position', 2_000],
    ['position', 3_000],
    ['pause', 3_000],
    ['resume', 20_000],
    ['position', 20_000],
  ])
  expect(startedAt - start).toBe(write === writeGpx ? 1_000 : 0)
})

function far(entry: RecordingEntry): RecordingEntry {
  if (entry.kind !== 'position') return entry
  return { kind: 'position', position: { ...entry.position, longitude: 20 } }
}

const sensors: fc.Arbitrary<Omit<Position, 'at'>> = fc.record(
  {
    altitude: fc.integer({ min: -100_000, max: 2_000_000 }).map((centimetres) => centimetres / 100),
    speed: fc.integer({ min: 0, max: 50_000 }).map((speed) => speed / 100),
    heading: fc.integer({ min: 0, max: 35_999 }).map((heading) => heading / 100),
    accuracy: fc.integer({ min: 0, max: 9_000 }).map((accuracy) => accuracy / 100),
    heartRate: fc.integer({ min: 0, max: 500 }),
    cadence: fc.integer({ min: 0, max: 1_000 }),
    power: fc.integer({ min: 0, max: 10_000 }),
    battery: fc.integer({ min: 0, max: 1_000 }).map((battery) => battery / 1_000),
  },
  { requiredKeys: [] },
)
/** Near the antimeridian and the equator, where a coordinate is a small number or changes its sign. */
const steps = fc.record({
  north: fc.integer({ min: -900, max: 900 }),
  east: fc.integer({ min: -900, max: 900 }),
})

/** Stretches of samples, with a time of any milliseconds between any two things that happen. */
const anyRecording: fc.Arbitrary<Recording> = fc
  .record({
    longitude: fc.constantFrom(0, 14.5, 179.999, -179.999),
    first: fc.record({ sensors, steps }),
    things: fc.array(
      fc.record({
        afterMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 90_000 })),
        what: fc.constantFrom('sample', 'sample', 'sample', 'without fix', 'far away', 'turn the timer'),
        sensors,
        steps,
      }),
      { maxLength: 40 },
    ),
    endMs: fc.nat(100_000),
  })
  .map(({ longitude, first, things, endMs }) => {
    let now = start
    let running = true
    let place = { latitude: 0.00001, longitude: Number(longitude) }
    const entries: RecordingEntry[] = [
      { kind: 'position', position: { at: now, ...place, ...first.sensors, accuracy: 5 } },
    ]
    for (const { afterMs, what, sensors, steps } of things) {
      now += afterMs
      if (what === 'turn the timer') {
        entries.push({ kind: running ? 'pause' : 'resume', at: now })
        running = !running
        continue
      }
      const reach = what === 'far away' ? 1e4 : 1e7
      const east = place.longitude + steps.east / reach
      place = {
        latitude: Math.round(place.latitude * 1e7 + (steps.north * 1e7) / reach) / 1e7,
        longitude: Math.round((Math.abs(east) > 180 ? east - 360 * Math.sign(east) : east) * 1e7) / 1e7,
      }
      const fix = what === 'without fix' ? {} : place
      entries.push({ kind: 'position', position: { at: now, ...fix, ...sensors } })
    }
    return { name: 'Any', startedAt: start, endedAt: now + endMs, entries }
  })

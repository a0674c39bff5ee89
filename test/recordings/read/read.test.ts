import { fail } from 'node:assert'
import { describe, expect, test } from 'vitest'
import { readRecording } from '#recordings/read/read.ts'
import type { Recording, RecordingEntry } from '#recordings/recording.ts'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import type { Position } from '#ride/position.ts'
import { writeFit } from '../write-fit.ts'
import { writeGpx } from '../write-gpx.ts'
import { tcxOf, writeLap, writeTcx } from '../write-tcx.ts'

const startedAt = Date.UTC(2026, 4, 1, 8)
const ride = simulateRide({
  seed: 7,
  start: { latitude: 46.05, longitude: 14.5 },
  startedAt,
  duration: 3_600,
})
const pauses = ride.entries.filter((entry) => entry.kind !== 'position')
const positions = positionsOf(ride)

describe('a recording is read back from', () => {
  test('GPX: every fix with its sensors, and a pause between segments', async () => {
    const recording = await read(writeGpx(ride))
    const fixes = positions.filter((position) => position.latitude !== undefined)
    expect(positionsOf(recording)).toEqual(
      fixes.map(({ speed: _speed, accuracy: _accuracy, battery: _battery, ...kept }) => kept),
    )
    expect(recording.name).toBe('Simulated loop 7')
    expect([recording.startedAt, recording.endedAt]).toEqual([ride.startedAt, ride.endedAt])
    expectPausesLikeTheRides(recording)
  })

  test('TCX: every sample, also those without a fix, and a pause between tracks', async () => {
    const recording = await read(writeTcx(ride))
    expect(positionsOf(recording)).toEqual(
      positions.map(({ accuracy: _accuracy, battery: _battery, ...kept }) => kept),
    )
    expect([recording.startedAt, recording.endedAt]).toEqual([ride.startedAt, ride.endedAt])
    expectPausesLikeTheRides(recording)
  })

  test.each([
    ['whole times', false],
    ['compressed times', true],
  ])('FIT with %s: every sample, and the timer’s stops and starts', async (_, compressedTimestamps) => {
    const recording = await read(writeFit(ride, { compressedTimestamps }))
    expect(positionsOf(recording).length).toBe(positions.length)
    for (const [index, position] of positionsOf(recording).entries()) {
      const { latitude, longitude, speed, ...others } = position
      const original = positions[index]!
      expect(others).toEqual(withoutAbsent(original, others))
      expectClose(latitude, original.latitude, 1e-7)
      expectClose(longitude, original.longitude, 1e-7)
      expectClose(speed, original.speed, 0.001)
    }
    expect(recording.entries.filter((entry) => entry.kind !== 'position')).toEqual(pauses)
    expect([recording.startedAt, recording.endedAt]).toEqual([ride.startedAt, ride.endedAt])
  })
})

describe('FIT', () => {
  const at = (second: number): number => startedAt + second * 1_000
  const sample = (second: number, sensors: Partial<Position> = {}): RecordingEntry => ({
    kind: 'position',
    position: { at: at(second), latitude: 46, longitude: 14, ...sensors },
  })
  const file = (entries: RecordingEntry[], seconds: number): Recording => {
    return { name: undefined, startedAt, endedAt: at(seconds), entries }
  }

  test('keeps samples that were recorded while the timer stood still, inside the pause', async () => {
    const entries: RecordingEntry[] = [
      sample(0),
      { kind: 'pause', at: at(1) },
      sample(5),
      { kind: 'resume', at: at(9) },
      sample(9),
    ]
    const recording = await read(writeFit(file(entries, 10)))
    expect(recording.entries.map(({ kind }) => kind)).toEqual(entries.map(({ kind }) => kind))
  })

  test('keeps duplicated times and gaps', async () => {
    const entries = [sample(0), sample(1), sample(1), sample(900)]
    const recording = await read(writeFit(file(entries, 901)))
    expect(positionsOf(recording).map((position) => position.at)).toEqual([at(0), at(1), at(1), at(900)])
  })

  test('leaves out what a sensor could not have measured', async () => {
    const garbage = {
      heartRate: 255,
      cadence: 255,
      power: 65_535,
      latitude: 180,
      longitude: 180,
      altitude: 42,
    }
    const recording = await read(writeFit(file([sample(0), sample(1, garbage)], 2)))
    expect(positionsOf(recording)[1]).toEqual({ at: at(1), altitude: 42 })
  })

  test('ends with its last entry where the device wrote no session', async () => {
    const recording = await read(writeFit(file([sample(0), sample(60)], 60), { withoutSession: true }))
    expect(recording.endedAt).toBe(at(60))
  })

  test('reads files chained behind each other as one recording', async () => {
    const [one, two] = [writeFit(file([sample(0)], 1)), writeFit(file([sample(100)], 101))]
    const recording = await read(Buffer.concat([one, two]))
    expect(positionsOf(recording).map((position) => position.at)).toEqual([at(0), at(100)])
  })

  test('is read although bytes follow that belong to nothing', async () => {
    const recording = await read(Buffer.concat([writeFit(ride), Buffer.alloc(7)]))
    expect(positionsOf(recording).length).toBe(positions.length)
  })

  test('with a wrong checksum is refused', async () => {
    const bytes = writeFit(ride)
    bytes[bytes.length >> 1]! ^= 1
    expect(await refusal(bytes)).toMatch(/damaged.*CRC/)
  })

  test('that is a course is refused', async () => {
    expect(await refusal(writeFit(ride, { fileType: 'course' }))).toMatch(/no activity/)
  })
})

describe('TCX', () => {
  const point = (second: number): Position => ({
    at: startedAt + second * 1_000,
    latitude: 46,
    longitude: 14,
  })

  test('a press of the lap button is no pause', async () => {
    const first = writeLap({ startedAt, timer: 10 }, [[point(0), point(9)]])
    const second = writeLap({ startedAt: startedAt + 10_000, timer: 10 }, [[point(10), point(20)]])
    const recording = await read(tcxOf([first, second]))
    expect(recording.entries.map(({ kind }) => kind)).toEqual(Array(4).fill('position'))
  })

  test('time between two laps that no lap counts is a pause', async () => {
    const first = writeLap({ startedAt, timer: 10 }, [[point(0), point(10)]])
    const second = writeLap({ startedAt: startedAt + 300_000, timer: 10 }, [[point(300), point(310)]])
    const recording = await read(tcxOf([first, second]))
    expect(recording.entries.slice(1, 4)).toMatchObject([
      { position: point(10) },
      { kind: 'pause', at: startedAt + 10_000 },
      { kind: 'resume', at: startedAt + 300_000 },
    ])
  })
})

describe('a file is refused with what to do when it', () => {
  test.each([
    ['is empty', new Uint8Array(), /empty/],
    ['is of another format', Buffer.from('\x89PNG\r\n'), /neither GPX, TCX nor FIT/],
    ['is text', Buffer.from('latitude;longitude'), /neither GPX, TCX nor FIT/],
    ['is other XML', Buffer.from('<kml/>'), /another kind \(<kml>\)/],
    ['is truncated GPX', cut(Buffer.from(writeGpx(ride))), /truncated/],
    ['is truncated TCX', cut(Buffer.from(writeTcx(ride))), /truncated/],
    [
      'is GPX that ends too early',
      Buffer.from('<gpx>\n<trk>\n<trkseg><trkpt lat="1" '),
      /ends too early, at line 3:/,
    ],
    ['is damaged GPX', Buffer.from('<gpx>\n<trk>\n</trkseg>\n</gpx>'), /damaged near line 3:/],
    ['is an XML declaration alone', Buffer.from('<?xml version="1.0"?>\n'), /ends too early/],
    ['is truncated FIT', cut(writeFit(ride)), /truncated/],
    ['is the first bytes of FIT', writeFit(ride).subarray(0, 13), /truncated/],
    ['is GPX with entities', withEntity(writeGpx(ride)), /entities/],
    ['is a planned route', Buffer.from('<gpx><rte><rtept lat="1" lon="2"/></rte></gpx>'), /no track/],
    ['is a track without times', Buffer.from(writeGpx(ride).replaceAll(/<time>.*?<.time>/g, '')), /no times/],
    [
      'has no position',
      Buffer.from(writeTcx(ride).replaceAll(/<Position>.*?<.Position>/g, '')),
      /no position.*An indoor activity/,
    ],
    [
      'is GPX with latitudes that are none',
      Buffer.from(writeGpx(ride).replaceAll('lat="', 'lat="1')),
      /out of range, such as latitude 146\.05\d*, longitude 14\.5\d*/,
    ],
    [
      'is TCX with longitudes that are none',
      Buffer.from(writeTcx(ride).replaceAll('<LongitudeDegrees>', '<LongitudeDegrees>9')),
      /out of range, such as latitude 46\.05\d*, longitude 914/,
    ],
    [
      'is TCX with a filler for every place',
      Buffer.from(writeTcx(ride).replaceAll(/<(L\w+Degrees)>[^<]*/g, '<$1>179.9999999')),
      /An indoor activity/,
    ],
  ])('%s', async (_, bytes, reason) => {
    expect(await refusal(bytes)).toMatch(reason)
  })

  test('is cut anywhere: no length of a FIT file crashes the reader', async () => {
    const bytes = writeFit(
      simulateRide({ seed: 1, start: { latitude: 0, longitude: 0 }, startedAt, duration: 5 }),
    )
    for (let length = 0; length < bytes.length; length++) {
      expect((await readRecording(bytes.subarray(0, length))).outcome).toBe('refused')
    }
  })
})

async function read(file: string | Uint8Array): Promise<Recording> {
  const outcome = await readRecording(typeof file === 'string' ? Buffer.from(file) : file)
  return outcome.outcome === 'read' ? outcome.recording : fail(outcome.reason)
}

async function refusal(bytes: Uint8Array): Promise<string> {
  const outcome = await readRecording(bytes)
  return outcome.outcome === 'refused' ? outcome.reason : fail('the file was read')
}

function positionsOf({ entries }: Recording): Position[] {
  return entries.flatMap((entry) => (entry.kind === 'position' ? [entry.position] : []))
}

/** GPX and TCX do not know when the timer stopped, only the last sample before and the first behind. */
function expectPausesLikeTheRides({ entries }: Recording): void {
  const read = entries.filter((entry) => entry.kind !== 'position')
  expect(read.map(({ kind }) => kind)).toEqual(pauses.map(({ kind }) => kind))
  for (const [index, entry] of read.entries()) expectClose(entry.at, pauses[index]!.at, 1_000)
}

function expectClose(actual: number | undefined, expected: number | undefined, tolerance: number): void {
  if (actual === undefined || expected === undefined) expect(actual).toBe(expected)
  else expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance)
}

/** The original's values of the fields that were read, and no more. */
function withoutAbsent(original: Position, read: Partial<Position>): Partial<Position> {
  const { latitude: _latitude, longitude: _longitude, speed: _speed, battery: _battery, ...kept } = original
  expect(Object.keys(read).toSorted()).toEqual(Object.keys(kept).toSorted())
  return kept
}

function cut(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, Math.floor(bytes.length * 0.6))
}

function withEntity(gpx: string): Uint8Array {
  return Buffer.from(gpx.replace('<gpx', '<!DOCTYPE gpx [<!ENTITY a "aaaa">]><gpx'))
}

import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import { totalsOf } from '#recordings/totals/read-totals.ts'
import { stretchesOf } from '../stretches.ts'
import { type FitOptions, writeFit } from '../write-fit.ts'
import { writeGpx } from '../write-gpx.ts'
import { tcxOf, writeLap } from '../write-tcx.ts'

const startedAt = Date.UTC(2026, 4, 1, 8)
const second = 1_000
const ride = simulateRide({ seed: 4, start: { latitude: 46, longitude: 14 }, startedAt, duration: 120 })
const { endedAt } = ride
const withoutTunnel = {
  ...ride,
  entries: ride.entries.filter((entry) => entry.kind !== 'position' || entry.position.latitude !== undefined),
}

const fit = (options: FitOptions) => totalsOf(writeFit(ride, options))

describe('a FIT file', () => {
  const half = startedAt + 60 * second
  const whole = { startedAt, endedAt, total_timer_time: 100.5, total_distance: 900.25, total_ascent: 12 }

  test('has them in its session, in metres and seconds', async () => {
    expect(await fit({ sessions: [whole] })).toMatchObject({
      distance: { value: 900.25, by: 'session' },
      timer: { value: 100.5, by: 'session' },
      elapsed: { value: 120, by: 'session' },
      ascent: { value: 12, by: 'session' },
    })
  })

  test('of several sessions has their sums, and is as long as from the first start to the last end', async () => {
    const sessions = [
      { ...whole, endedAt: half },
      { ...whole, startedAt: half + 10 * second },
    ]
    expect(await fit({ sessions })).toMatchObject({
      distance: { value: 1_800.5 },
      timer: { value: 201 },
      elapsed: { value: 120 },
      ascent: { value: 24 },
    })
  })

  test('whose session lacks a total has it in its laps', async () => {
    const laps = [
      { ...whole, endedAt: half },
      { ...whole, startedAt: half },
    ]
    expect(await fit({ laps })).toMatchObject({
      distance: { value: 1_800.5, by: 'laps' },
      timer: { value: 201, by: 'laps' },
      elapsed: { value: 120, by: 'session' },
    })
  })

  test('has no sum of a total that one of its laps lacks', async () => {
    const laps = [
      { ...whole, endedAt: half },
      { startedAt: half, endedAt },
    ]
    expect(await fit({ laps })).toMatchObject({ distance: undefined, timer: undefined, ascent: undefined })
  })

  test('without sessions and laps is as long as from its first point to its last', async () => {
    expect(await fit({ withoutSession: true })).toMatchObject({
      timer: undefined,
      elapsed: { value: 120, by: 'points' },
    })
  })

  test.each([
    ['a speed sensor', { device_type: 123 }, true],
    ['a speed and cadence sensor', { device_type: 121, source_type: 'antplus' }, true],
    ['a speed sensor over Bluetooth', { device_type: 4, source_type: 'bluetooth_low_energy' }, true],
    ['a power meter', { device_type: 11, source_type: 'antplus' }, false],
  ] as const)('says whether a wheel may have measured: %s', async (_, device, isWheel) => {
    const { wheel } = (await totalsOf(writeFit(withoutTunnel, { devices: [device] })))!
    expect(wheel).toBe(isWheel ? 'a speed sensor is among its devices' : undefined)
  })

  test('says that a wheel may have measured where it was ridden without a fix', async () => {
    expect(await fit({})).toMatchObject({ wheel: 'it measures speed without a fix' })
  })

  test('says whether a barometer is among its sensors', async () => {
    expect(await fit({ devices: [{ device_type: 4, source_type: 'local' }] })).toMatchObject({
      isBarometric: true,
    })
    expect(await fit({ devices: [{ device_type: 4, source_type: 'antplus' }] })).toMatchObject({
      isBarometric: false,
    })
  })
})

describe('a TCX file', () => {
  const stretches = stretchesOf(withoutTunnel)

  test('has the sums of its laps, and is as long as from its first start to its last point', async () => {
    const laps = [
      writeLap({ startedAt, timer: 60, distance: 300.5 }, []),
      writeLap({ startedAt: startedAt + 60 * second, timer: 30, distance: 200 }, stretches),
    ]
    expect(await totalsOf(Buffer.from(tcxOf(laps)))).toEqual({
      distance: { value: 500.5, by: 'laps' },
      timer: { value: 90, by: 'laps' },
      elapsed: { value: 120, by: 'laps' },
      ascent: undefined,
      wheel: undefined,
      isBarometric: false,
    })
  })

  test('is as long as to the end of its last lap where that is behind the last point', async () => {
    const laps = [writeLap({ startedAt, timer: 120.75 }, stretches)]
    expect(await totalsOf(Buffer.from(tcxOf(laps)))).toMatchObject({
      elapsed: { value: 120.75 },
      distance: undefined,
    })
  })

  test('says that a wheel may have measured where it was ridden without a fix', async () => {
    const laps = [writeLap({ startedAt, timer: 120 }, stretchesOf(ride))]
    expect(await totalsOf(Buffer.from(tcxOf(laps)))).toMatchObject({
      wheel: 'it measures speed without a fix',
    })
  })
})

describe('a GPX file', () => {
  test('says nothing of its distance where points of it are out of the question', async () => {
    const at = (seconds: number) => startedAt + seconds * second
    const entries = [0, 0.0001, 5, 0.0003].map((latitude, index) => {
      return { kind: 'position', position: { at: at(index), latitude, longitude: 0 } } as const
    })
    const leaping = { name: undefined, startedAt, endedAt: at(3), entries }
    const steady = { ...leaping, entries: entries.toSpliced(2, 1) }
    expect((await totalsOf(Buffer.from(writeGpx(leaping))))?.distance).toBeUndefined()
    expect((await totalsOf(Buffer.from(writeGpx(steady))))?.distance?.value).toBeCloseTo(33.2, 1)
  })

  test('has what its points say: the geodesic, and from the first to the last', async () => {
    // A minute of latitude at the equator and one of longitude; the second segment begins where nobody rode to.
    const at = (seconds: number) => startedAt + seconds * second
    const entries = [
      { kind: 'position', position: { at: at(0), latitude: 0, longitude: 0 } },
      { kind: 'position', position: { at: at(300), latitude: 1 / 60, longitude: 0 } },
      { kind: 'pause', at: at(300) },
      { kind: 'resume', at: at(900) },
      { kind: 'position', position: { at: at(900), latitude: 0, longitude: 1 } },
      { kind: 'position', position: { at: at(1_200), latitude: 0, longitude: 1 + 1 / 60 } },
    ] as const
    const totals = await totalsOf(
      Buffer.from(writeGpx({ name: undefined, startedAt, endedAt: at(1_200), entries })),
    )
    expect(totals).toMatchObject({
      timer: undefined,
      elapsed: { value: 1_200, by: 'points' },
      wheel: undefined,
    })
    expect(totals?.distance?.by).toBe('points')
    // WGS 84: 1842.9 m of meridian, 1855.3 m of equator.
    expect(totals?.distance?.value).toBeCloseTo(1_842.905 + 1_855.325, 1)
  })
})

test('a packed file has the same ones', async () => {
  const gpx = Buffer.from(writeGpx(ride))
  expect(await totalsOf(gzipSync(gpx))).toEqual(await totalsOf(gpx))
})

test.each([
  ['is cut off', writeFit(ride).subarray(0, 500)],
  ['is no XML', Buffer.from('# Rides')],
  ['is damaged XML', Buffer.from(writeGpx(ride).slice(0, 500))],
  ['is XML of another kind', Buffer.from('<kml/>')],
])('there are none in a file that %s', async (_, bytes) => {
  expect(await totalsOf(bytes)).toBeUndefined()
})

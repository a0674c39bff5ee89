import { describe, expect, test } from 'vitest'
import type { Recording, RecordingEntry } from '#recordings/recording.ts'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import { writeGeoJson } from '#recordings/write/write-geojson.ts'
import type { Position } from '#ride/position.ts'
import { rideOf } from '../ridden.ts'

interface Feature {
  readonly type: 'Feature'
  readonly id: string
  readonly bbox?: number[]
  readonly geometry: { readonly type: 'MultiLineString'; readonly coordinates: number[][][] } | null
  readonly properties: Record<string, unknown> & { readonly coordTimes: string[][] }
}

const start = Date.UTC(2026, 4, 1, 8)
const at = (second: number) => start + second * 1_000
const sample = (second: number, position: Omit<Position, 'at'>): RecordingEntry => {
  return { kind: 'position', position: { at: at(second), ...position } }
}
const written = (entries: readonly RecordingEntry[], name?: string): Feature => {
  const recording: Recording = { name, startedAt: start, endedAt: at(100), entries }
  return JSON.parse([...writeGeoJson(rideOf(recording))].join(''))
}

const simulated = simulateRide({
  seed: 3,
  start: { latitude: 46.05, longitude: 14.5 },
  startedAt: start,
  duration: 3_600,
})

test('a ride is a feature with a line for each stretch and, nested like its coordinates, what was measured', () => {
  const ride = rideOf(simulated)
  const feature: Feature = JSON.parse([...writeGeoJson(ride)].join(''))
  const lines = ride.track.segments.map(({ fixes }) => fixes).filter((fixes) => fixes.length > 1)
  expect(feature).toMatchObject({ type: 'Feature', id: ride.id, geometry: { type: 'MultiLineString' } })
  expect(feature.geometry?.coordinates).toEqual(
    lines.map((fixes) => fixes.map(({ longitude, latitude, altitude }) => [longitude, latitude, altitude])),
  )
  expect(feature.properties).toMatchObject({
    title: 'Simulated loop 3',
    startedAt: '2026-05-01T08:00:00Z',
    statistics: ride.statistics,
    heartRates: lines.map((fixes) => fixes.map(({ heartRate }) => heartRate)),
    powers: lines.map((fixes) => fixes.map(({ power }) => power)),
  })
  expect(feature.properties.coordTimes.map((times) => times.map((time) => Date.parse(time)))).toEqual(
    lines.map((fixes) => fixes.map((fix) => fix.at)),
  )
})

describe('GeoJSON', () => {
  test('is cut at the antimeridian, where a time and a place are between those around it', () => {
    const feature = written([
      sample(0, { latitude: -17, longitude: 179.999, heartRate: 100 }),
      sample(10, { latitude: -17.001, longitude: 179.9998, heartRate: 110 }),
      sample(20, { latitude: -17.002, longitude: -179.9998, heartRate: 120 }),
      sample(30, { latitude: -17.003, longitude: -179.999, heartRate: 130 }),
    ])
    expect(feature.geometry?.coordinates).toEqual([
      [
        [179.999, -17],
        [179.9998, -17.001],
        [180, -17.0015],
      ],
      [
        [-180, -17.0015],
        [-179.9998, -17.002],
        [-179.999, -17.003],
      ],
    ])
    expect(feature.bbox).toEqual([179.999, -17.003, -179.999, -17])
    expect(feature.properties.coordTimes.flat()[2]).toBe('2026-05-01T08:00:15Z')
    expect(feature.properties['heartRates']).toEqual([
      [100, 110, null],
      [null, 120, 130],
    ])
  })

  test('has an altitude where one is known, and then a box with altitudes', () => {
    const feature = written([
      sample(0, { latitude: 46, longitude: 14.5, altitude: 300 }),
      sample(1, { latitude: 46.0001, longitude: 14.5 }),
      sample(2, { latitude: 46.0002, longitude: 14.5, altitude: 299.5 }),
    ])
    expect(feature.geometry?.coordinates).toEqual([
      [
        [14.5, 46, 300],
        [14.5, 46.0001],
        [14.5, 46.0002, 299.5],
      ],
    ])
    expect(feature.bbox).toEqual([14.5, 46, 299.5, 14.5, 46.0002, 300])
  })

  test('of a ride with no more than a fix has no geometry, and no array of what nobody measured', () => {
    const feature = written([sample(0, { latitude: 46, longitude: 14.5 }), sample(1, { power: 100 })])
    expect(feature.geometry).toBeNull()
    expect(feature.bbox).toBeUndefined()
    expect(Object.keys(feature.properties)).toEqual([
      'title',
      'description',
      'startedAt',
      'endedAt',
      'statistics',
    ])
  })

  test('holds any title', () => {
    const title = 'Say "no" to\n</potholes> \u{1f6b2}\u2028'
    expect(written([sample(0, {})], title).properties['title']).toBe(title)
  })
})

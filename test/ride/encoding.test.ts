import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodePositions,
  decodeRideEvent,
  encodePositions,
  encodeRideEvent,
  roundPosition,
} from '#ride/encoding.ts'
import type { Position } from '#ride/position.ts'
import { ended, finished, minutes, noProgress, paused, resumed, start, started } from './given.ts'

const degrees = (most: number) => fc.double({ min: -most, max: most, noNaN: true })
const positions = fc.array(
  fc
    .record(
      {
        at: fc.integer({ min: 0, max: 4_000_000_000_000 }),
        latitude: degrees(90),
        longitude: degrees(180),
        altitude: fc.double({ min: -500, max: 9000, noNaN: true }),
        speed: fc.double({ min: 0, max: 40, noNaN: true }),
        heading: fc.double({ min: 0, max: 360, noNaN: true }),
        accuracy: fc.double({ min: 0, max: 5000, noNaN: true }),
        heartRate: fc.integer({ min: 0, max: 250 }),
        cadence: fc.integer({ min: 0, max: 200 }),
        power: fc.integer({ min: 0, max: 2000 }),
        battery: fc.double({ min: 0, max: 1, noNaN: true }),
      },
      { requiredKeys: ['at'] },
    )
    .map((position): Position => position),
  { minLength: 1, maxLength: 50 },
)

describe('positions in the log', () => {
  test('come back as they were, rounded to the units of the log', () => {
    fc.assert(
      fc.property(positions, (some) => {
        const kept = JSON.parse(JSON.stringify(encodePositions(some)))
        expect(decodePositions(kept)).toEqual(some.map(roundPosition))
      }),
    )
  })

  test('are rounded once: what has been rounded stays', () => {
    fc.assert(
      fc.property(positions, (some) => {
        const rounded = some.map(roundPosition)
        expect(rounded.map(roundPosition)).toEqual(rounded)
      }),
    )
  })

  test('keep a place to the centimetre', () => {
    const rounded = roundPosition({ at: 0, latitude: 51.123456789, longitude: -0.987654321 })
    expect(rounded).toEqual({ at: 0, latitude: 51.1234568, longitude: -0.9876543 })
  })

  test('leave out what no position has, and mark what one lacks', () => {
    const columns = encodePositions([
      { at: 1000, latitude: 1, longitude: 2 },
      { at: 2000 },
      { at: 3000, latitude: 1.1, longitude: 2 },
    ])
    expect(columns).toEqual({
      at: [1000, 1000, 1000],
      latitude: [10_000_000, null, 1_000_000],
      longitude: [20_000_000, null, 0],
    })
  })
})

test('every event comes back from the log as it went in', () => {
  const upload = {
    type: 'RidePositionsRecorded',
    at: minutes(1),
    positions: [{ at: start }, { at: minutes(1) }],
    progress: noProgress,
  } as const
  const edited = {
    type: 'RideEdited',
    at: start,
    changes: { title: null, visibility: 'PUBLIC' },
    status: 'PAUSED',
  } as const
  for (const event of [
    started,
    upload,
    paused(start),
    resumed(start),
    ended(start),
    finished(start),
    edited,
    { type: 'RideDeleted', at: start, status: 'FINISHED' } as const,
  ]) {
    const { type } = event
    expect(decodeRideEvent({ type, schemaVersion: 1, data: JSON.parse(encodeRideEvent(event)) })).toEqual(
      event,
    )
  }
})

test('an event of a type that nobody knows is a fault, not a guess', () => {
  expect(() => decodeRideEvent({ type: 'RideTeleported', schemaVersion: 1, data: {} })).toThrow(
    'RideTeleported',
  )
  expect(() => decodeRideEvent({ type: 'toString', schemaVersion: 1, data: {} })).toThrow('toString')
})

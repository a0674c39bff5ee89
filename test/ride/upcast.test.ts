import { expect, test } from 'vitest'
import { newestVersionOf, rideUpcasters, type Upcasters, upcast } from '#ride/upcast.ts'

/** Lengths were feet, then metres, then metres with what they were measured by. */
const upcasters: Upcasters = {
  BridgeMeasured: [
    (data) => ({ metres: (data as { feet: number }).feet * 0.3048 }),
    (data) => ({ ...(data as { metres: number }), by: 'tape' }),
  ],
}
const measured = (schemaVersion: number, data: unknown) =>
  upcast({ type: 'BridgeMeasured', schemaVersion, data }, upcasters)

test('an event of an older version is made new step by step', () => {
  expect(measured(1, { feet: 1000 })).toEqual({ metres: 304.8, by: 'tape' })
  expect(measured(2, { metres: 12 })).toEqual({ metres: 12, by: 'tape' })
})

test('an event of the newest version stays as it is', () => {
  const data = { metres: 12, by: 'laser' }
  expect(measured(3, data)).toBe(data)
  expect(upcast({ type: 'BridgeOpened', schemaVersion: 1, data }, upcasters)).toBe(data)
})

test('what is written is of the newest version', () => {
  expect(newestVersionOf('BridgeMeasured', upcasters)).toBe(3)
  expect(newestVersionOf('BridgeOpened', upcasters)).toBe(1)
  expect(newestVersionOf('RideStarted', rideUpcasters)).toBe(1)
})

test('an event of a newer version than this program knows is said in a sentence, and not guessed at', () => {
  expect(() => measured(4, {})).toThrow(
    'The log holds a BridgeMeasured of schema version 4, written by a newer Slipstream. Start that version.',
  )
  expect(() => upcast({ type: 'RideStarted', schemaVersion: 2, data: {} })).toThrow('schema version 2')
})

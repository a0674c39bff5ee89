import { expect, test } from 'vitest'
import { encodeRideEvent } from '#ride/encoding.ts'
import type { RideEvent } from '#ride/events.ts'
import { withheld, withoutContent, withoutPersons } from '#rights/withheld.ts'

const progress = { distance: 1234.5, movingTime: 99, timerTime: 111, speed: 7 }
const positions = [
  { at: 1_780_214_400_000, latitude: 46.0569, longitude: 14.5058, altitude: 298, heartRate: 141 },
  { at: 1_780_214_401_000, latitude: 46.057, longitude: 14.5059, power: 222 },
]
const at = 1_780_214_400_000
const share = { id: '6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f506', expiresAt: null }

const logged = (event: RideEvent) => withoutContent(JSON.parse(encodeRideEvent(event)))

test('of an upload is shown how many positions it had', () => {
  const event: RideEvent = { type: 'RidePositionsRecorded', at, positions, progress }
  expect(logged(event)).toEqual({ progress: withheld, positions: { count: 2, content: withheld } })
})

test('of what a rider wrote is shown that he wrote it', () => {
  const started: RideEvent = {
    type: 'RideStarted',
    at,
    riderId: 'Ana',
    title: 'To work',
    visibility: 'PUBLIC',
  }
  expect(logged(started)).toEqual({ at, riderId: withheld, title: withheld, visibility: 'PUBLIC' })
  const changes = { title: 'Home', description: null, visibility: 'PRIVATE', share } as const
  expect(logged({ type: 'RideEdited', at, changes, status: 'ACTIVE' })).toEqual({
    ...{ at, status: 'ACTIVE' },
    changes: { title: withheld, description: withheld, visibility: 'PRIVATE', share: withheld },
  })
})

test('numbers that a ride came to are withheld', () => {
  for (const type of ['RidePaused', 'RideResumed', 'RideEnded', 'RideFinished'] as const) {
    expect(logged({ type, at, progress })).toEqual({ at, progress: withheld })
  }
})

test('what is not known is withheld, wherever it stands', () => {
  const data = { at: { place: 1 }, status: 'ACTIVE', wind: 3, changes: { mood: 'good' }, positions: 'many' }
  expect(withoutContent(data)).toEqual({
    ...{ at: withheld, status: 'ACTIVE', wind: withheld },
    ...{ changes: { mood: withheld }, positions: { count: 0, content: withheld } },
  })
  expect(withoutContent([1, 2])).toBe(withheld)
  expect(withoutContent(null)).toBeNull()
})

test('of who asked is shown that it was the system, or nothing', () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
  expect(withoutPersons({ actor: 'Ana', commandId: '6f1c', traceparent, device: 'x' })).toEqual({
    ...{ actor: withheld, commandId: withheld, traceparent, device: withheld },
  })
  expect(withoutPersons({ actor: 'system', commandId: '6f1c' })).toEqual({
    actor: 'system',
    commandId: withheld,
  })
  expect(withoutPersons(null)).toBeNull()
})

import { expect, test } from 'vitest'
import type { RecordingEntry } from '#recordings/recording.ts'
import type { Position } from '#ride/position.ts'
import { heldIn } from './held.ts'

const position = (seconds: number, readings: Omit<Position, 'at'> = {}): RecordingEntry => ({
  kind: 'position',
  position: { at: seconds * 1_000, ...readings },
})
const recordingOf = (entries: readonly RecordingEntry[]) => ({
  name: undefined,
  startedAt: 0,
  endedAt: 0,
  entries,
})

test('counts samples, fixes, and how often the timer ran', () => {
  const entries = [
    position(0),
    position(1, { latitude: 46, longitude: 14 }),
    { kind: 'pause', at: 1_000 },
    { kind: 'resume', at: 5_000 },
    position(5),
  ] as const
  expect(heldIn(recordingOf(entries), 4)).toMatchObject({
    ...{ notRead: 4, samples: 3, fixes: 1, stretches: 2, rise: { whole: undefined, ridden: undefined } },
  })
})

test('sums the seconds at speed 0 while the timer ran', () => {
  const entries = [
    position(0, { speed: 5 }),
    position(1, { speed: 0 }),
    position(4, { speed: 0 }),
    { kind: 'pause', at: 6_000 },
    position(6, { speed: 0 }),
    { kind: 'resume', at: 60_000 },
    position(60, { speed: 3 }),
    position(61),
  ] as const
  expect(heldIn(recordingOf(entries), 0).standing).toBe(5)
})

test('counts samples without a fix that are of a pause, or share their time', () => {
  const entries = [
    position(0),
    position(1, { latitude: 46, longitude: 14 }),
    position(1),
    { kind: 'pause', at: 2_000 },
    position(3),
    position(4, { latitude: 46, longitude: 14 }),
    { kind: 'resume', at: 5_000 },
    position(5),
  ] as const
  expect(heldIn(recordingOf(entries), 0).blindApart).toBe(2)
})

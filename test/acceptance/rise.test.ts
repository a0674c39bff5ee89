import { expect, test } from 'vitest'
import type { RecordingEntry } from '#recordings/recording.ts'
import { riseIn } from './rise.ts'

const altitudes = (from: number, ...these: readonly number[]) =>
  these.map((altitude, index): RecordingEntry => {
    return { kind: 'position', position: { at: (from + index) * 1_000, altitude } }
  })
const pause = (second: number): RecordingEntry => ({ kind: 'pause', at: second * 1_000 })
const resume = (second: number): RecordingEntry => ({ kind: 'resume', at: second * 1_000 })

test.each([
  [[100, 101.9, 100, 101.9], 0],
  [[100, 102, 104], 4],
  [[100, 101, 102, 99, 100, 101], 4],
  [[100, 90, 100], 10],
])('the rise of %j is that of steps of 2 m or more: %d', (these, rise) => {
  expect(riseIn(altitudes(0, ...these))).toEqual({ whole: rise, ridden: rise })
})

test('there is none without altitudes', () => {
  const entries: RecordingEntry[] = [pause(0), resume(1), { kind: 'position', position: { at: 2_000 } }]
  expect(riseIn(entries)).toEqual({ whole: undefined, ridden: undefined })
})

test('what changes while the timer stands is no climb, and what was begun before goes on behind it', () => {
  const entries = [
    ...altitudes(0, 100, 101),
    pause(2),
    ...altitudes(3, 120, 300),
    resume(10),
    ...altitudes(10, 150, 151, 152),
    pause(12),
    resume(20),
    ...altitudes(20, 130, 131, 133),
  ]
  // 100, 101, then on from 101 by 1 and 1, then on from 103 by 1 and 2.
  expect(riseIn(entries)).toEqual({ whole: 205, ridden: 6 })
})

test('a sample at the instant of a pause is the last before it', () => {
  expect(
    riseIn([...altitudes(0, 100), pause(1), ...altitudes(1, 105), resume(9), ...altitudes(9, 200)]).ridden,
  ).toBe(5)
})

import { expect, it } from 'vitest'
import { createServerClock } from '../../../web/live/server-clock.ts'
import { createSleepWatch } from '../../../web/live/sleep.ts'

const wallMs = Date.UTC(2026, 4, 1)

it('is what the wall clock went on while the steady one stood still, told once', () => {
  const watch = createSleepWatch(5_000, wallMs)
  expect(watch.sleptMs(6_000, wallMs + 1_000)).toBe(0)
  expect(watch.sleptMs(7_000, wallMs + 602_000)).toBe(600_000)
  expect(watch.sleptMs(8_000, wallMs + 603_000)).toBe(0)
})

it('is none where the wall clock is set right by a little, or set back', () => {
  const watch = createSleepWatch(0, wallMs)
  expect(watch.sleptMs(1_000, wallMs + 1_800)).toBe(0)
  expect(watch.sleptMs(2_000, wallMs - 3_600_000)).toBe(0)
  expect(watch.sleptMs(3_000, wallMs - 3_599_000)).toBe(0)
})

it('is added to what is known of the clock of the server', () => {
  const clock = createServerClock()
  clock.stoodStill(1_000)
  expect(clock.at(0)).toBe(0)
  clock.happened(wallMs, 0)
  clock.stoodStill(600_000)
  expect(clock.at(1_000)).toBe(wallMs + 601_000)
})

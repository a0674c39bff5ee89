import { describe, expect, it } from 'vitest'
import { createServerClock } from '../../../web/live/server-clock.ts'
import { ageMs, liveStatus } from '../../../web/live/staleness.ts'
import { after, beginMs, liveRide } from './live-ride.ts'

const dayMs = 24 * 3_600_000
const inSnapshot = { ride: liveRide('a', 1), arrivedMs: null, updatedMs: beginMs }

describe('a ride', () => {
  it('is stale when nothing was heard of it for a minute', () => {
    expect(liveStatus(inSnapshot, after(59))).toBe('active')
    expect(liveStatus(inSnapshot, after(60))).toBe('stale')
  })

  it('is not stale while it is paused, however long', () => {
    expect(liveStatus({ ...inSnapshot, ride: liveRide('a', 1, { status: 'PAUSED' }) }, after(3_600))).toBe(
      'paused',
    )
  })

  it('was heard of when it was told, whatever the clocks say', () => {
    const told = { ...inSnapshot, arrivedMs: after(0).steadyMs, updatedMs: beginMs - dayMs }
    expect(ageMs(told, after(12))).toBe(12_000)
    expect(liveStatus({ ...told, updatedMs: beginMs + dayMs }, after(60))).toBe('stale')
  })

  it('was not heard of in the future', () => {
    expect(ageMs({ ...inSnapshot, updatedMs: beginMs + dayMs }, after(0))).toBe(0)
  })
})

describe("the server's clock", () => {
  it('is the one of an answer, to the half second, half way between asking and answer', () => {
    const clock = createServerClock()
    clock.answered(beginMs, 1_000, 1_400)
    expect(clock.at(1_200)).toBe(beginMs + 500)
    expect(clock.at(2_200)).toBe(beginMs + 1_500)
  })

  it('is never before what has happened', () => {
    const clock = createServerClock()
    clock.happened(beginMs, 1_000)
    clock.happened(beginMs - 5_000, 1_100)
    expect(clock.at(1_000)).toBe(beginMs)
    clock.answered(beginMs, 1_000, 1_000)
    clock.happened(beginMs + 900, 1_000)
    expect(clock.at(1_000)).toBe(beginMs + 950)
    clock.happened(beginMs + 5_000, 1_000)
    expect(clock.at(1_000)).toBe(beginMs + 5_000)
  })

  it('is known the better the more answers there are, and no worse for one that took long', () => {
    const clock = createServerClock()
    // Between 700 and 1,700 ms ahead of the steady one; then no less than 900.
    clock.answered(beginMs, -700, -700)
    expect(clock.at(0)).toBe(beginMs + 1_200)
    clock.answered(beginMs + 1_000, 100, 100)
    expect(clock.at(0)).toBe(beginMs + 1_300)
    clock.answered(beginMs + 2_000, 1_000, 62_000)
    expect(clock.at(0)).toBe(beginMs + 1_300)
  })

  it('is the one of the last answer where that cannot be true together with those before it', () => {
    const clock = createServerClock()
    clock.answered(beginMs, 0, 0)
    clock.answered(beginMs - 3_600_000, 0, 0)
    expect(clock.at(0)).toBe(beginMs - 3_599_500)
    clock.answered(beginMs, 0, 0)
    expect(clock.at(0)).toBe(beginMs + 500)
  })

  it('learns nothing from what names no time', () => {
    const clock = createServerClock()
    clock.happened(beginMs, 1_000)
    clock.answered(Number.NaN, 1_000, 1_000)
    clock.happened(Number.NEGATIVE_INFINITY, 1_000)
    expect(clock.at(1_000)).toBe(beginMs)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clockFrom, commandTime, positionTime } from '../../../web/record/ride-clock.ts'

const now = Date.UTC(2026, 5, 1, 8)
const pageBegan = now - 60_000

describe('the clock of a ride', () => {
  it('takes the time of a position as the browser has it', () => {
    expect(positionTime(clockFrom(now - 5_000), now - 40, now, pageBegan).at).toBe(now - 40)
  })

  it('knows the other beginnings that browsers count from', () => {
    const from2001 = now - Date.UTC(2001, 0, 1)
    for (const timestamp of [from2001, now / 1_000, now * 1_000, now - pageBegan]) {
      expect(positionTime(clockFrom(now - 5_000), timestamp, now, pageBegan).at).toBe(now)
    }
    expect(positionTime(clockFrom(now - 5_000), Number.NaN, now, pageBegan).at).toBe(now)
  })

  it('passes over what is no newer than what was written', () => {
    expect(positionTime(clockFrom(now), now - 100, now, pageBegan).at).toBeNull()
    expect(positionTime(clockFrom(now), now, now, pageBegan).at).toBeNull()
  })

  it('goes on where the phone is set back an hour, and keeps the time between', () => {
    const hour = 3_600_000
    const first = positionTime(clockFrom(now), now - hour + 1_000, now - hour + 1_000, pageBegan)
    const second = positionTime(first.clock, now - hour + 3_000, now - hour + 3_000, pageBegan)
    const third = positionTime(second.clock, now - hour + 5_500, now - hour + 5_500, pageBegan)
    expect((third.at ?? 0) - (second.at ?? 0)).toBe(2_500)
    expect(commandTime(third.clock, now - hour + 5_000).at).toBe(third.at)
  })

  it('never goes back, whatever the phone says', () => {
    const say = fc.record({
      now: fc.integer({ min: now - 1e8, max: now + 1e8 }),
      skew: fc.integer({ min: -2e4, max: 2e4 }),
    })
    fc.assert(
      fc.property(fc.array(fc.tuple(say, fc.boolean())), (said) => {
        let clock = clockFrom(now)
        let last = now
        for (const [{ now: at, skew }, isCommand] of said) {
          const told = isCommand ? commandTime(clock, at) : positionTime(clock, at + skew, at, pageBegan)
          clock = told.clock
          if (told.at === null) continue
          expect(told.at).toBeGreaterThanOrEqual(last)
          if (!isCommand) expect(told.at).toBeGreaterThan(last)
          last = told.at
        }
      }),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { full, type Rate, remaining, take } from '#server/limits/bucket.ts'

const rate: Rate = { quota: 10, windowMs: 1_000 }

/** As often as it goes, at one time. */
function takeAll(
  fullAt: number,
  now: number,
  of: Rate = rate,
): { readonly taken: number; readonly fullAt: number } {
  let taken = 0
  let at = fullAt
  while (taken < 10_000) {
    const taking = take(at, 1, of, now)
    if (taking.outcome === 'refused') break
    taken++
    at = taking.fullAt
  }
  return { taken, fullAt: at }
}

describe('a bucket', () => {
  test('gives as many at once as its quota, and then one after the other', () => {
    const { taken, fullAt } = takeAll(full, 5_000)
    expect(taken).toBe(10)
    expect(remaining(fullAt, rate, 5_000)).toBe(0)
    expect(take(fullAt, 1, rate, 5_000)).toEqual({ outcome: 'refused', retryAfterMs: 100 })
    expect(take(fullAt, 1, rate, 5_099).outcome).toBe('refused')
    expect(take(fullAt, 1, rate, 5_100).outcome).toBe('taken')
    expect(takeAll(fullAt, 5_500).taken).toBe(5)
    expect(takeAll(fullAt, 60_000).taken).toBe(10)
  })

  test('lets what is larger than it pass, and what comes after it wait the longer', () => {
    const taking = take(full, 100, rate, 0)
    if (taking.outcome === 'refused') throw new Error('It was full')
    expect(remaining(taking.fullAt, rate, 0)).toBe(0)
    expect(take(taking.fullAt, 1, rate, 0)).toEqual({ outcome: 'refused', retryAfterMs: 9_100 })
    expect(take(taking.fullAt, 1, rate, 9_100).outcome).toBe('taken')
  })

  test('without a bound gives whatever is asked for', () => {
    const unbounded: Rate = { quota: Number.POSITIVE_INFINITY, windowMs: 1_000 }
    expect(takeAll(full, 0, unbounded).taken).toBe(10_000)
  })

  test('gives in any time no more than its quota and what has come since', () => {
    const waits = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(waits, (steps) => {
        let now = 0
        let at = full
        let taken = 0
        for (const step of steps) {
          now += step
          expect(remaining(at, rate, now)).toBe(takeAll(at, now).taken)
          const all = takeAll(at, now)
          taken += all.taken
          at = all.fullAt
        }
        expect(taken).toBeLessThanOrEqual(rate.quota + (now * rate.quota) / rate.windowMs)
      }),
    )
  })
})

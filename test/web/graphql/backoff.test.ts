import { describe, expect, it } from 'vitest'
import { backoffMs, createWait } from '../../../web/graphql/backoff.ts'

describe('the wait before another attempt', () => {
  it('doubles its ceiling up to fifteen seconds, and stays there for ever', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 1_000].map((attempt) => backoffMs(attempt, 1))).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000,
    ])
  })

  it('is anywhere below the ceiling, and never none', () => {
    expect(backoffMs(5, 0)).toBe(150)
    expect(backoffMs(5, 0.5)).toBe(7_575)
  })

  it('ends at once when it is woken', async () => {
    const wait = createWait()
    const waiting = wait.forMs(3_600_000)
    wait.wake()
    await expect(waiting).resolves.toBeUndefined()
  })
})

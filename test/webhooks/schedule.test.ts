import { expect, test } from 'vitest'
import { retryInMs, whyDisable } from '#webhooks/schedule.ts'

const hour = 3_600_000
const day = 24 * hour

function waits(random: () => number): number[] {
  const found: number[] = []
  for (let failures = 1; ; failures++) {
    const wait = retryInMs(failures, 'ride.finished', random)
    if (wait === undefined) return found
    found.push(wait)
  }
}

test('a message is tried for about three days, at first soon and then ever later', () => {
  const usual = waits(() => 0.5)
  expect(usual[0]).toBeLessThan(5_000)
  const total = usual.reduce((sum, wait) => sum + wait, 0)
  expect(total).toBeGreaterThan(2.5 * day)
  expect(total).toBeLessThan(3.5 * day)
  expect(Math.max(...waits(() => 0))).toBe(12 * hour)
  expect(usual).toEqual(usual.toSorted((a, b) => a - b))
})

test('those that failed together do not come back together', () => {
  expect(retryInMs(3, 'ride.finished', () => 0)).not.toBe(retryInMs(3, 'ride.finished', () => 0.9))
})

test('a ping is sent once', () => {
  expect(retryInMs(1, 'ping')).toBeUndefined()
})

test('an endpoint is given up after five days, or when it says that it is gone', () => {
  expect(whyDisable({ status: 500 }, 0, 5 * day - 1)).toBeUndefined()
  expect(whyDisable({ status: 500 }, 0, 5 * day)).toBe('FAILING')
  expect(whyDisable({ status: undefined }, 0, 5 * day)).toBe('FAILING')
  expect(whyDisable({ status: 410 }, 0, 0)).toBe('GONE')
})

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openDeadline } from '#server/limits/deadline.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

test('what comes in time is what was asked for, also a failure', async () => {
  const deadline = openDeadline(5_000)
  await expect(deadline.within(Promise.resolve('done'), () => 'late')).resolves.toBe('done')
  await expect(deadline.within(Promise.reject(new Error('failed')), () => 'late')).rejects.toThrow('failed')
  expect(vi.getTimerCount()).toBe(1)
  vi.advanceTimersByTime(1_000)
  expect(vi.getTimerCount()).toBe(0)
})

test('what does not come in time is late, and what it gives afterwards is nobody’s', async () => {
  const deadline = openDeadline(5_000)
  const { promise, resolve } = Promise.withResolvers<string>()
  const answer = deadline.within(promise, () => 'late')
  vi.advanceTimersByTime(3_000)
  const later = deadline.within(new Promise<string>(() => undefined), () => 'later')
  vi.advanceTimersByTime(2_000)
  await expect(answer).resolves.toBe('late')
  resolve('done')
  await expect(answer).resolves.toBe('late')
  vi.advanceTimersByTime(3_000)
  await expect(later).resolves.toBe('later')
})

test('without one things take what they take', () => {
  const work = new Promise(() => undefined)
  expect(openDeadline(Number.POSITIVE_INFINITY).within(work, () => 'late')).toBe(work)
  expect(vi.getTimerCount()).toBe(0)
})

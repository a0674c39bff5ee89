import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openDeadline } from '#server/limits/deadline.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const shown = (result: string) => `${result}, and shown`
const never = () => new Promise<string>(() => undefined)

test('what comes in time is shown, and a failure is one', async () => {
  const deadline = openDeadline(5_000)
  const late = () => 'late'
  await expect(deadline.within(Promise.resolve('done'), shown, late)).resolves.toBe('done, and shown')
  await expect(deadline.within(Promise.reject(new Error('failed')), shown, late)).rejects.toThrow('failed')
  expect(vi.getTimerCount()).toBe(1)
  vi.advanceTimersByTime(1_000)
  expect(vi.getTimerCount()).toBe(0)
})

test('what does not come in time is late, by a second at most, and what it gives afterwards is nobody’s', async () => {
  const deadline = openDeadline(5_000)
  const { promise, resolve } = Promise.withResolvers<string>()
  const late: string[] = []
  const first = deadline.within(promise, shown, () => `${late.push('first')}st`)
  vi.advanceTimersByTime(3_000)
  const second = deadline.within(never(), shown, () => `${late.push('second')}nd`)
  vi.advanceTimersByTime(2_000)
  expect(late).toEqual([])
  vi.advanceTimersByTime(1_000)
  expect(late).toEqual(['first'])
  resolve('done')
  await expect(first).resolves.toBe('1st')
  vi.advanceTimersByTime(3_000)
  await expect(second).resolves.toBe('2nd')
})

test('without one things take what they take', async () => {
  const deadline = openDeadline(Number.POSITIVE_INFINITY)
  await expect(deadline.within(Promise.resolve('done'), shown, () => 'late')).resolves.toBe('done, and shown')
  expect(vi.getTimerCount()).toBe(0)
})

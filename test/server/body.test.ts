import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readBody } from '#server/body.ts'

const pace = { windowMs: 30_000, windowBytes: 100, windows: 5 }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
})
afterEach(() => {
  vi.useRealTimers()
})

function requested(headers: Record<string, string> = {}): IncomingMessage {
  return Object.assign(new IncomingMessage(new Socket()), { headers })
}

/** Lets so many bytes come in one window of time. */
async function window(request: IncomingMessage, bytes: number): Promise<void> {
  if (bytes > 0) request.push(Buffer.alloc(bytes))
  await setImmediate()
  vi.advanceTimersByTime(pace.windowMs)
}

test('a body that comes at its pace is read, however uneven, and nothing is timed behind its end', async () => {
  const request = requested()
  const body = readBody(request, 10_000, pace)
  for (const bytes of [100, 5_000, 100, 700]) await window(request, bytes)
  request.push(null)
  expect(await body).toHaveLength(5_900)
  expect(vi.getTimerCount()).toBe(0)
})

test.each([
  ['stays silent', [0]],
  ['falls silent', [100, 0]],
  ['trickles', [1_000, 99]],
  ['comes for longer than is waited for anything', [100, 100, 100, 100, 100]],
])('a body that %s is too slow, and its request still open for the answer', async (_, windows) => {
  const request = requested()
  const body = readBody(request, 10_000, pace)
  for (const bytes of windows) await window(request, bytes)
  expect(await body).toBe('too slow')
  expect([request.destroyed, vi.getTimerCount()]).toEqual([false, 0])
})

test('a body over the bound is read to its end, or not at all where that is too far away', async () => {
  const request = requested()
  const body = readBody(request, 10, pace)
  request.push(Buffer.alloc(11))
  request.push(null)
  expect(await body).toBe('too large')
  const announced = requested({ 'content-length': String(2 ** 30) })
  expect(await readBody(announced, 10, pace)).toBe('too large')
  expect(vi.getTimerCount()).toBe(0)
})

test('a client that goes away in the middle is no body, and is waited for no longer', async () => {
  const request = requested()
  const body = readBody(request, 10_000, pace)
  request.push(Buffer.alloc(10))
  request.destroy()
  await expect(body).rejects.toThrow(/went away|aborted/)
  expect(vi.getTimerCount()).toBe(0)
})

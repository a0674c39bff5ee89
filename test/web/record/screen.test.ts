import { afterEach, expect, test, vi } from 'vitest'
import { createScreen } from '../../../web/record/device.ts'

/** A page, and a browser that keeps the screen on when asked. */
function openPage(request: () => Promise<EventTarget>) {
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' })
  const asked = vi.fn(request)
  vi.stubGlobal('document', page)
  vi.stubGlobal('navigator', { wakeLock: { request: asked } })
  return { page, asked }
}

function lock() {
  const held = new EventTarget()
  return Object.assign(held, { release: async () => void held.dispatchEvent(new Event('release')) })
}

afterEach(() => vi.unstubAllGlobals())

test('the screen stays on while it is wanted, and is let go of then', async () => {
  const { asked } = openPage(async () => lock())
  const screen = createScreen()
  screen.keepOn(true)
  screen.keepOn(true)
  await vi.waitUntil(() => screen.hold.get() === 'held')
  expect(asked).toHaveBeenCalledOnce()
  screen.keepOn(false)
  await vi.waitUntil(() => screen.hold.get() === 'free')
})

test('a browser that let go of it while the page was hidden is asked again when one comes back', async () => {
  const locks = [lock(), lock()]
  const { page, asked } = openPage(async () => locks[asked.mock.calls.length - 1] ?? lock())
  const screen = createScreen()
  screen.keepOn(true)
  await vi.waitUntil(() => screen.hold.get() === 'held')
  page.visibilityState = 'hidden'
  await locks[0]?.release()
  expect(screen.hold.get()).toBe('refused')
  expect(asked).toHaveBeenCalledOnce()
  page.visibilityState = 'visible'
  page.dispatchEvent(new Event('visibilitychange'))
  await vi.waitUntil(() => screen.hold.get() === 'held')
  expect(asked).toHaveBeenCalledTimes(2)
})

test('it is said where a browser does not keep it on, or knows no way to', async () => {
  openPage(() => Promise.reject(new DOMException('The battery is low', 'NotAllowedError')))
  const refused = createScreen()
  refused.keepOn(true)
  await vi.waitUntil(() => refused.hold.get() === 'refused')
  vi.stubGlobal('navigator', {})
  const unknown = createScreen()
  unknown.keepOn(true)
  expect(unknown.hold.get()).toBe('unknown here')
})

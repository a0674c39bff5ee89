/// <reference types="vite/client" />
import { afterEach, expect, test, vi } from 'vitest'
import { createNewVersion } from '../../../web/offline/new-version.ts'

/** A worker of another build, in that state. */
function workerOf(build: string) {
  const told: unknown[] = []
  return Object.assign(new EventTarget(), {
    state: 'installed' as ServiceWorkerState,
    told,
    postMessage(message: unknown, ports?: readonly MessagePort[]) {
      if (message === 'which build') ports?.[0]?.postMessage(build)
      else told.push(message)
    },
  })
}

/** A page of one build, for which a worker of another waits. */
async function openPage(waiting: ReturnType<typeof workerOf>) {
  const reload = vi.fn()
  const container = Object.assign(new EventTarget(), {
    controller: workerOf('first'),
    register: async () => Object.assign(new EventTarget(), { installing: null, waiting }),
  })
  vi.stubEnv('PROD', true)
  vi.stubGlobal('navigator', { serviceWorker: container })
  vi.stubGlobal('window', { location: { reload } })
  const page = { readyState: 'complete', querySelector: () => ({ content: 'first' }) }
  vi.stubGlobal('document', Object.assign(new EventTarget(), page))
  const newVersion = createNewVersion()
  return { newVersion, reload, container }
}

afterEach(() => {
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
})

test('a newer version that waits is told to take over, and the page is loaded anew when it has', async () => {
  const waiting = workerOf('second')
  const { newVersion, reload, container } = await openPage(waiting)
  await vi.waitUntil(() => newVersion.isThere.get())
  newVersion.load()
  expect(waiting.told).toEqual(['take over'])
  expect(reload).not.toHaveBeenCalled()
  container.dispatchEvent(new Event('controllerchange'))
  expect(reload).toHaveBeenCalledOnce()
})

test('a newer version that another tab has loaded already is loaded at once', async () => {
  const waiting = workerOf('second')
  const { newVersion, reload } = await openPage(waiting)
  await vi.waitUntil(() => newVersion.isThere.get())
  waiting.state = 'activated'
  newVersion.load()
  expect(waiting.told).toEqual([])
  expect(reload).toHaveBeenCalledOnce()
})

test('a worker of the version that is shown takes over without a word', async () => {
  const waiting = workerOf('first')
  const { newVersion } = await openPage(waiting)
  await vi.waitUntil(() => waiting.told.length === 1)
  expect(waiting.told).toEqual(['take over'])
  expect(newVersion.isThere.get()).toBe(false)
})

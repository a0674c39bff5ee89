/**
 * Registers the service worker, and knows when a newer version of the app is there than the page that is open.
 *
 *     no worker ─► current ─► a newer one waits ─(load it)─► it takes over ─► the page loads anew
 */
import { type Cell, createCell } from '../state/cell.ts'

export interface NewVersion {
  /** Whether one is there. */
  readonly isThere: Cell<boolean>
  /** Loads it, in this tab; others are told that it is there. */
  load(): void
}

/** A page that stays open for days asks whether there is another. */
const lookEveryMs = 60 * 60_000

export function createNewVersion(): NewVersion {
  const isThere = createCell(false)
  let waiting: ServiceWorker | null = null
  let isLoading = false

  async function weigh(worker: ServiceWorker): Promise<void> {
    const build = await buildOf(worker)
    // The page came by the network, and is of the same version already.
    if (build === ownBuild()) return worker.postMessage('take over')
    waiting = worker
    isThere.set(true)
  }

  function watch(registration: ServiceWorkerRegistration): void {
    const { installing, waiting: ready } = registration
    if (ready !== null && navigator.serviceWorker.controller !== null) void weigh(ready)
    installing?.addEventListener('statechange', () => {
      // The first there is replaces none.
      if (installing.state === 'installed' && navigator.serviceWorker.controller !== null)
        void weigh(installing)
    })
  }

  async function register(): Promise<void> {
    const hadWorker = navigator.serviceWorker.controller !== null
    const registration = await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' })
    // Where it is forbidden to register any, some answer with nothing.
    if (registration === undefined) return
    watch(registration)
    registration.addEventListener('updatefound', () => watch(registration))
    navigator.serviceWorker.addEventListener('controllerchange', () => {
      if (isLoading) window.location.reload()
      else if (hadWorker) void isOld().then((old) => old && isThere.set(true))
    })
    let lookedMs = performance.now()
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState !== 'visible' || performance.now() - lookedMs < lookEveryMs) return
      lookedMs = performance.now()
      void registration.update().catch(() => undefined)
    })
  }

  if (import.meta.env.PROD && 'serviceWorker' in navigator) {
    // The page first, then what is kept for another time.
    const begin = () => void register().catch(() => undefined)
    if (document.readyState === 'complete') begin()
    else window.addEventListener('load', begin, { once: true })
  }

  return {
    isThere,
    load() {
      isLoading = true
      // Told in another tab it has taken over already, and will not again.
      if (waiting?.state === 'installed') waiting.postMessage('take over')
      else window.location.reload()
    },
  }
}

function ownBuild(): string | null {
  return document.querySelector<HTMLMetaElement>('meta[name="build"]')?.content ?? null
}

async function isOld(): Promise<boolean> {
  const { controller } = navigator.serviceWorker
  return controller !== null && (await buildOf(controller)) !== ownBuild()
}

/** Null where it does not say: one of before it was asked. */
function buildOf(worker: ServiceWorker): Promise<string | null> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    const timer = setTimeout(() => resolve(null), 3_000)
    port1.onmessage = ({ data }) => {
      clearTimeout(timer)
      resolve(typeof data === 'string' ? data : null)
    }
    worker.postMessage('which build', [port2])
  })
}

/**
 * Pages that do not come with the first view. They are fetched as soon as that stands and the browser has time, so that they
 * open at once, and also while the server is away. Whoever was faster than that waits until the server answers; the page is then
 * loaded anew, because a part that cannot be fetched may be one of a version that the server no longer has.
 */
import { lazyRouteComponent } from '@tanstack/react-router'
import { backoffMs } from '../graphql/backoff.ts'

const imports: (() => Promise<unknown>)[] = []

/** @param load imports the file of the page; `name` is its component. */
export function lazyPage<Module extends Record<string, unknown>, Name extends keyof Module>(
  load: () => Promise<Module>,
  name: Name,
) {
  imports.push(load)
  return lazyRouteComponent(() => load().catch(loadAnew), name)
}

/** Fetches all pages, one after the other, when the browser has nothing else to do. */
export function fetchPages(): void {
  const next = imports.shift()
  if (next === undefined) return
  whenIdle(() => {
    // What fails is fetched when somebody goes there.
    void next()
      .catch(() => undefined)
      .then(fetchPages)
  })
}

/** Safari has no idle callbacks. */
function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in window) window.requestIdleCallback(work, { timeout: 5_000 })
  else setTimeout(work, 1_000)
}

const attemptedKey = 'slipstream.loaded-anew-for'

async function loadAnew(fault: unknown): Promise<never> {
  const what = fault instanceof Error ? fault.message : String(fault)
  for (let attempt = 0; !(await isServerThere()); attempt++) {
    await new Promise((resolve) => setTimeout(resolve, backoffMs(attempt, Math.random())))
  }
  // Once: what is missing then as well, will be missing again.
  if (window.sessionStorage.getItem(attemptedKey) === what) throw fault
  window.sessionStorage.setItem(attemptedKey, what)
  window.location.reload()
  return new Promise(() => {})
}

async function isServerThere(): Promise<boolean> {
  try {
    return (await fetch('/config.json', { cache: 'no-store' })).ok
  } catch {
    return false
  }
}

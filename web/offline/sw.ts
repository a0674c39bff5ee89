/**
 * The service worker: the app opens without a network, as when a phone is started on a mountain. It keeps what the build is made
 * of and nothing else: no answer of the API, no file of a ride, no address that somebody went to.
 *
 * A page comes from the server where that answers, so that nobody is shown an old version while there is a network; its parts
 * have names that change with their content, so that pages of two versions never share one.
 */
import { cleanupOutdatedCaches, matchPrecache, precacheAndRoute } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'
import { notPages } from './not-pages.ts'
import type { PrecachedFile } from './precache-plugin.ts'

/** What of a worker's surroundings is used here: the compiler has those of pages. */
interface Surroundings {
  addEventListener(type: 'message', listener: (event: MessageEvent & ExtendableEvent) => void): void
  addEventListener(type: 'activate', listener: (event: ExtendableEvent) => void): void
  skipWaiting(): Promise<void>
  readonly clients: { claim(): Promise<void> }
}
interface ExtendableEvent extends Event {
  waitUntil(promise: Promise<unknown>): void
}
declare const self: Surroundings
/** Put in by the build. */
declare const __PRECACHED_FILES__: PrecachedFile[]
const build = '__BUILD__'

/** A network that takes longer is none, to somebody who wants to start his ride. */
const pageWithinMs = 4_000

// Names that a page would have by other rules are not for us to guess.
precacheAndRoute(__PRECACHED_FILES__, {
  cleanURLs: false,
  directoryIndex: '',
  ignoreURLParametersMatching: [],
})
cleanupOutdatedCaches()

registerRoute(
  new NavigationRoute(
    async ({ request }) => {
      const kept = await matchPrecache('/index.html')
      if (kept === undefined) return fetch(request)
      const late = new Promise<Response>((resolve) => setTimeout(() => resolve(kept), pageWithinMs))
      const answered = fetch(request).then(
        // A proxy's word that the server is away is no page either.
        (response) => (response.status >= 500 ? kept : response),
        () => kept,
      )
      return Promise.race([answered, late])
    },
    { denylist: notPages },
  ),
)

// The first one takes care of the page that brought it; a newer one only when it is told to.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('message', (event) => {
  if (event.data === 'take over') event.waitUntil(self.skipWaiting())
  if (event.data === 'which build') event.ports[0]?.postMessage(build)
})

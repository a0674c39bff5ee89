/** The pages and their addresses. All but the first are fetched behind it (`lazy-page.ts`). */
import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router'
import { validateHistorySearch } from '../history/search.ts'
import { LivePage } from '../live/live-page.tsx'
import { validateLiveSearch } from '../live/live-search.ts'
import { readEventType, readStreamSearch, readVersion } from '../log/log-search.ts'
import { validateRideSearch } from '../ride/ride-search.ts'
import { webhooksSearch } from '../settings/webhooks-search.ts'
import { lazyPage } from './lazy-page.ts'
import { NoSuchPage, PageFault } from './notice.tsx'
import { validateSearch } from './search.ts'
import { Shell } from './shell.tsx'

const root = createRootRoute({
  component: Shell,
  validateSearch,
  notFoundComponent: NoSuchPage,
  errorComponent: PageFault,
})

const live = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: LivePage,
  validateSearch: validateLiveSearch,
})

const history = createRoute({
  getParentRoute: () => root,
  path: '/history',
  validateSearch: validateHistorySearch,
  component: lazyPage(() => import('../history/history-page.tsx'), 'HistoryPage'),
  staticData: { layout: 'wide', mapOnPhone: 'small' },
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: lazyPage(() => import('../account/sign-in-page.tsx'), 'SignInPage'),
  staticData: { layout: 'page' },
})

const profile = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyPage(() => import('../settings/profile-page.tsx'), 'ProfilePage'),
  staticData: { layout: 'page', ways: 'settings' },
})

const privacy = createRoute({
  getParentRoute: () => root,
  path: '/settings/privacy',
  component: lazyPage(() => import('../settings/privacy-page.tsx'), 'PrivacyPage'),
  staticData: { mapOnPhone: 'small', ways: 'settings' },
})

const keys = createRoute({
  getParentRoute: () => root,
  path: '/settings/keys',
  component: lazyPage(() => import('../settings/keys-page.tsx'), 'KeysPage'),
  staticData: { layout: 'page', ways: 'settings' },
})

const webhooks = createRoute({
  getParentRoute: () => root,
  path: '/settings/webhooks',
  validateSearch: webhooksSearch,
  component: lazyPage(() => import('../settings/webhooks-page.tsx'), 'WebhooksPage'),
  staticData: { layout: 'page', ways: 'settings' },
})

const data = createRoute({
  getParentRoute: () => root,
  path: '/settings/data',
  component: lazyPage(() => import('../settings/data-page.tsx'), 'DataPage'),
  staticData: { layout: 'page', ways: 'settings' },
})

const deleted = createRoute({
  getParentRoute: () => root,
  path: '/account/deleted',
  component: lazyPage(() => import('../settings/deleted-page.tsx'), 'DeletedPage'),
  staticData: { layout: 'page' },
})

/** As they were called before. */
const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  beforeLoad: ({ search }) => {
    throw redirect({ to: '/settings', search, replace: true })
  },
})

const privacyBefore = createRoute({
  getParentRoute: () => root,
  path: '/privacy',
  beforeLoad: ({ search }) => {
    throw redirect({ to: '/settings/privacy', search, replace: true })
  },
})

const ride = createRoute({
  getParentRoute: () => root,
  path: '/rides/$rideId',
  validateSearch: validateRideSearch,
  staticData: { layout: 'ride', mapOnPhone: 'small' },
  component: lazyPage(() => import('../ride/ride-page.tsx'), 'RidePage'),
  // A page of its own for each ride: nothing of one may be seen on another.
  remountDeps: ({ params }) => params,
})

const record = createRoute({
  getParentRoute: () => root,
  path: '/record',
  component: lazyPage(() => import('../record/record-page.tsx'), 'RecordPage'),
  staticData: { mapOnPhone: 'small', saysConnection: true },
})

const imports = createRoute({
  getParentRoute: () => root,
  path: '/import',
  component: lazyPage(() => import('../imports/import-page.tsx'), 'ImportPage'),
  staticData: { layout: 'page' },
})

const log = createRoute({
  getParentRoute: () => root,
  path: '/log',
  staticData: { layout: 'page' },
  validateSearch: readEventType,
  component: lazyPage(() => import('../log/log-page.tsx'), 'LogPage'),
})

const logStreams = createRoute({
  getParentRoute: () => root,
  path: '/log/streams',
  staticData: { layout: 'page' },
  validateSearch: readStreamSearch,
  component: lazyPage(() => import('../log/streams-page.tsx'), 'StreamsPage'),
})

const logStream = createRoute({
  getParentRoute: () => root,
  path: '/log/streams/$name',
  staticData: { layout: 'wide', mapOnPhone: 'small' },
  validateSearch: readVersion,
  component: lazyPage(() => import('../log/stream-page.tsx'), 'StreamPage'),
  // A page of its own for each stream: nothing of one may be seen on another.
  remountDeps: ({ params }) => params,
})

export const router = createRouter({
  routeTree: root.addChildren([
    ...[live, history, ride, signIn, record, imports, log, logStreams, logStream],
    ...[profile, privacy, keys, webhooks, data, deleted, account, privacyBefore],
  ]),
  scrollRestoration: false,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
  interface StaticDataRouteOption {
    /**
     * How a page and the map share a wide screen: `map`, a list beside a large map; `wide`, half and half; `ride`, as `map`, and
     * charts under it (`Drawer`); `page`, no map. Left out: `map`.
     */
    layout?: 'map' | 'wide' | 'ride' | 'page'
    /** Where there is no room for both, a page that is read or filled in goes before the map. Left out, the map is large. */
    mapOnPhone?: 'small'
    /** The pages beside it, between which it is gone to and fro under the bar. */
    ways?: 'settings'
    /** It says itself that the network is gone, and what becomes of what it does: no banner lies over its map. */
    saysConnection?: true
  }
}

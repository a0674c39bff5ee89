/** The pages and their addresses. */
import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router'
import { AccountPage } from '../account/account-page.tsx'
import { SignInPage } from '../account/sign-in-page.tsx'
import { LivePage } from '../live/live-page.tsx'
import { PrivacyPage } from '../privacy/privacy-page.tsx'
import { RidePage } from '../ride/ride-page.tsx'
import { NoSuchPage, PageFault } from './notice.tsx'
import { validateSearch } from './search.ts'
import { Shell } from './shell.tsx'

const root = createRootRoute({
  component: Shell,
  validateSearch,
  notFoundComponent: NoSuchPage,
  errorComponent: PageFault,
})

const rides = createRoute({ getParentRoute: () => root, path: '/', component: LivePage })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: SignInPage,
  staticData: { mapOnPhone: 'none' },
})

const privacy = createRoute({
  getParentRoute: () => root,
  path: '/privacy',
  component: PrivacyPage,
  staticData: { mapOnPhone: 'small' },
})

const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: AccountPage,
  staticData: { mapOnPhone: 'none' },
})

const ride = createRoute({
  getParentRoute: () => root,
  path: '/rides/$rideId',
  component: function RideRoute() {
    const { rideId } = ride.useParams()
    // A page of its own for each ride: nothing of one may be seen on another.
    return <RidePage key={rideId} rideId={rideId} />
  },
})

export const router = createRouter({
  routeTree: root.addChildren([rides, ride, signIn, account, privacy]),
  scrollRestoration: false,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
  interface StaticDataRouteOption {
    /** Where there is no room for both, a page that is a form goes before the map. Left out, the map is large. */
    mapOnPhone?: 'none' | 'small'
  }
}

/** Puts the app together and into the page. */
import './styles/tokens.css'
import './styles/layout.css'
import './styles/bar.css'
import './styles/rides.css'
import './styles/live.css'
import './styles/map.css'
import './styles/forms.css'
import './styles/account.css'
import './styles/privacy.css'
import './styles/settings.css'
import './styles/record.css'
import './styles/imports.css'
import './styles/log.css'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createKeptPages } from './account/kept-pages.ts'
import { setLastRider } from './account/last-rider.ts'
import { createOtherTabs } from './account/other-tabs.ts'
import { createSessions } from './account/session.ts'
import { createAnnouncements } from './app/announcements.tsx'
import { type App, AppContext } from './app/app.ts'
import { onKept, onShownAgain } from './app/kept-choice.ts'
import { fetchPages } from './app/lazy-page.ts'
import { router } from './app/router.tsx'
import { createThemes } from './app/theme.ts'
import { createUnits } from './app/units.ts'
import type { LeftHistory } from './app/way-back.ts'
import { createServer } from './graphql/client.ts'

import { createLiveModel } from './live/live-model.ts'

import { whetherAdministrator } from './log/whether-administrator.ts'

import type { RiderMap } from './map/rider-map.ts'
import { createNewVersion } from './offline/new-version.ts'
import { hasRecordings } from './record/has-recordings.ts'
import { holdsShareLink, takeShareLink } from './share/share-link.ts'
import { createCell } from './state/cell.ts'

const place = document.getElementById('app')
if (place === null) throw new Error('index.html has no #app')

const takeLink = () =>
  takeShareLink(window.location, window.sessionStorage, (address) =>
    window.history.replaceState(window.history.state, '', address),
  )
// Pasted where its ride's page is open, a link changes what stands behind # alone: the page is to begin anew with it.
window.addEventListener('hashchange', () => {
  if (!holdsShareLink(window.location)) return
  takeLink()
  window.location.reload()
})
/** Nothing of what is shown is seen until it has. */
function beginAnew(): void {
  document.documentElement.hidden = true
  window.location.reload()
}
const server = createServer(window.location.origin, takeLink())
const otherTabs = createOtherTabs(beginAnew)
const sessions = createSessions((address) => window.location.assign(address), server.socket.pause, {
  ...otherTabs,
  riderIs(riderId) {
    if (setLastRider(window.localStorage, riderId)) otherTabs.tellOfLeaving()
  },
  ...createKeptPages(window.localStorage, onShownAgain, beginAnew),
  forgetRider: async () => (await import('./record/forget-recordings.ts')).forgetRider(window.localStorage),
})
const app: App = {
  server,
  live: createLiveModel(server),
  sessions,
  isAdministrator: whetherAdministrator(server, sessions.session),
  themes: createThemes(window.localStorage, onKept),
  units: createUnits(window.localStorage, window.navigator.language, onKept),
  announcements: createAnnouncements(),
  newVersion: createNewVersion(),
  wayBack: createCell<LeftHistory | null>(null),
  underWay: createCell<'ACTIVE' | 'PAUSED' | null>(null),
  map: createCell<RiderMap | null>(null),
}
if (hasRecordings(window.localStorage))
  void import('./record/recorder-of.ts').then(({ recorderOf }) => recorderOf(app))

createRoot(place).render(
  <StrictMode>
    <AppContext value={app}>
      <RouterProvider router={router} />
    </AppContext>
  </StrictMode>,
)
fetchPages()

/**
 * What stays while pages change: the bar, the map, and the panel that a page fills. The map is made once; a page
 * only tells it what to show.
 */
import { Link, Outlet, useMatches } from '@tanstack/react-router'
import { AccountLink } from '../account/account-link.tsx'
import { MapPane } from '../map/map-pane.tsx'
import { PrivacyLink } from '../privacy/privacy-link.tsx'
import { AnnouncementPlace } from './announcements.tsx'
import { ConnectionBanner, ConnectionLight } from './connection-banner.tsx'
import { ThemeSwitch } from './theme-switch.tsx'

export function Shell() {
  const mapOnPhone = useMatches({ select: (matches) => matches.at(-1)?.staticData.mapOnPhone })
  return (
    <>
      <a className="skip-link" href="#panel">
        Skip to the rides
      </a>
      <header className="bar">
        <Link to="/" className="brand">
          <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
            <rect width="32" height="32" rx="8" className="brand-ground" />
            <path d="M6 21c5 0 6-10 12-10 3 0 4 2 8 2" className="brand-line" />
            <path d="M6 26c6 0 7-8 13-8 3 0 4 1 7 1" className="brand-wake" />
          </svg>
          Slipstream
        </Link>
        <div className="bar-end">
          <ConnectionLight />
          <PrivacyLink />
          <ThemeSwitch />
          <AccountLink />
        </div>
      </header>
      <div className="stage" data-on-phone={mapOnPhone}>
        <MapPane />
        <ConnectionBanner />
      </div>
      <main className="panel" id="panel" tabIndex={-1}>
        <Outlet />
      </main>
      <AnnouncementPlace />
    </>
  )
}

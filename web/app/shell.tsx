/**
 * What stays while pages change: the bar, the map, and the panel that a page fills. The map is made once; a page
 * only tells it what to show, and says by its layout how much room it has.
 */
import { Link, Outlet, useLocation, useMatches } from '@tanstack/react-router'
import { useState } from 'react'
import { AccountLink } from '../account/account-link.tsx'
import { MapPane } from '../map/map-pane.tsx'
import { VersionNotice } from '../offline/version-notice.tsx'
import { SettingsWays } from '../settings/settings-ways.tsx'
import { AnnouncementPlace } from './announcements.tsx'
import { ConnectionBanner, ConnectionLight } from './connection-banner.tsx'
import { DrawerPlace } from './drawer.tsx'
import { Navigation } from './navigation.tsx'
import { OverMapPlace } from './over-map.tsx'
import { ThemeSwitch } from './theme-switch.tsx'

export function Shell() {
  const layout = useMatches({ select: (matches) => matches.at(-1)?.staticData.layout }) ?? 'map'
  const mapOnPhone = useMatches({ select: (matches) => matches.at(-1)?.staticData.mapOnPhone })
  const path = useLocation({ select: ({ pathname }) => pathname })
  /** The page whose map somebody has enlarged: another begins as it is meant. */
  const [enlargedOn, setEnlargedOn] = useState<string | null>(null)
  const isEnlarged = enlargedOn === path
  const ways = useMatches({ select: (matches) => matches.at(-1)?.staticData.ways })
  const saysConnection = useMatches({
    select: (matches) => matches.at(-1)?.staticData.saysConnection,
  })
  const [drawer, setDrawer] = useState<HTMLElement | null>(null)
  const [overMap, setOverMap] = useState<HTMLElement | null>(null)
  return (
    <div className="shell" data-layout={layout}>
      <a className="skip-link" href="#panel">
        Skip to the page
      </a>
      <header className="bar">
        <Link to="/" className="brand" aria-label="Slipstream">
          <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
            <rect width="32" height="32" rx="8" className="brand-ground" />
            <path d="M6 21c5 0 6-10 12-10 3 0 4 2 8 2" className="brand-line" />
            <path d="M6 26c6 0 7-8 13-8 3 0 4 1 7 1" className="brand-wake" />
          </svg>
          <span className="brand-name">Slipstream</span>
        </Link>
        <Navigation />
        <div className="bar-end">
          <ConnectionLight />
          <ThemeSwitch />
          <AccountLink />
        </div>
      </header>
      {ways === 'settings' && <SettingsWays />}
      <div className="stage" data-on-phone={isEnlarged ? 'enlarged' : mapOnPhone}>
        <MapPane isEnlarged={isEnlarged} enlarge={(enlarged) => setEnlargedOn(enlarged ? path : null)} />
        {saysConnection !== true && <ConnectionBanner />}
        <div className="over-map" ref={setOverMap} />
      </div>
      <main className="panel" id="panel" tabIndex={-1}>
        <DrawerPlace value={drawer}>
          <OverMapPlace value={overMap}>
            <Outlet />
          </OverMapPlace>
        </DrawerPlace>
      </main>
      <div className="drawer" ref={setDrawer} />
      <VersionNotice />
      <AnnouncementPlace />
    </div>
  )
}

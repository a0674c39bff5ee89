/** What every page of the app can reach: the server, the rides in progress, who uses it, the map, the theme, the units. Made once, in main.tsx. */
import { createContext, useContext } from 'react'
import type { Sessions } from '../account/session.ts'
import type { Server } from '../graphql/client.ts'
import type { LiveModel } from '../live/live-model.ts'
import type { RiderMap } from '../map/rider-map.ts'
import type { NewVersion } from '../offline/new-version.ts'
import type { Cell } from '../state/cell.ts'
import { useCell } from '../state/use-cell.ts'
import type { Announcements } from './announcements.tsx'
import type { Themes } from './theme.ts'
import type { UnitsChoice } from './units.ts'
import type { WayBack } from './way-back.ts'

export interface App {
  readonly server: Server
  /** The rides in progress. */
  readonly live: LiveModel
  readonly sessions: Sessions
  /** Whether who uses it may see the log; null until that is known. */
  readonly isAdministrator: Pick<Cell<boolean | null>, 'get' | 'subscribe'>
  readonly themes: Themes
  readonly units: UnitsChoice
  readonly announcements: Announcements
  readonly newVersion: NewVersion
  /** From a ride to the history. */
  readonly wayBack: WayBack
  /** The ride that is recorded in this browser; null: none is. */
  readonly underWay: Cell<'ACTIVE' | 'PAUSED' | null>
  /** Null until the map stands: it loads after the page. */
  readonly map: Cell<RiderMap | null>
}

export const AppContext = createContext<App | null>(null)

export function useApp(): App {
  const app = useContext(AppContext)
  if (app === null) throw new Error('a component of the app was rendered outside it')
  return app
}

export function useRiderMap(): RiderMap | null {
  return useCell(useApp().map)
}

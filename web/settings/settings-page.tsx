/** What the pages of settings have in common. */
import type { ReactNode } from 'react'
import { useApp } from '../app/app.ts'
import { hasRides } from '../app/reader.ts'
import { useCell } from '../state/use-cell.ts'

export function SettingsPage({ children }: { children: ReactNode }) {
  return <article className="form-page settings">{children}</article>
}

/** For what is a rider's own; `children` once it is known that there is one. */
export function OfRider({ children, notSignedIn }: { children: ReactNode; notSignedIn: ReactNode }) {
  const session = useCell(useApp().sessions.session)
  if (session.status === 'loading')
    return <div className="settings-to-come" role="status" aria-label="Loading" />
  return hasRides(session) ? children : notSignedIn
}

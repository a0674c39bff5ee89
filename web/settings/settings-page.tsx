/** What the pages of settings have in common: the ways between them. */
import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useApp } from '../app/app.ts'
import { hasRides } from '../app/reader.ts'
import { useCell } from '../state/use-cell.ts'

const pages: readonly { readonly to: NonNullable<LinkProps['to']>; readonly name: string }[] = [
  { to: '/settings', name: 'Profile' },
  { to: '/settings/privacy', name: 'Privacy' },
  { to: '/settings/keys', name: 'Keys' },
  { to: '/settings/webhooks', name: 'Webhooks' },
  { to: '/settings/data', name: 'Data' },
]

export function SettingsPage({ children }: { children: ReactNode }) {
  const session = useCell(useApp().sessions.session)
  return (
    <article className="form-page settings">
      {session.status !== 'nobody' && (
        // Also while it is asked who this is: nothing is to jump when that is known.
        <nav className="settings-ways" aria-label="Settings">
          {pages.map(({ to, name }) => (
            <Link
              key={to}
              to={to}
              className="settings-way"
              activeOptions={{ exact: true, includeSearch: false }}
            >
              {name}
            </Link>
          ))}
        </nav>
      )}
      {children}
    </article>
  )
}

/** For what is a rider's own; `children` once it is known that there is one. */
export function OfRider({ children, notSignedIn }: { children: ReactNode; notSignedIn: ReactNode }) {
  const session = useCell(useApp().sessions.session)
  if (session.status === 'loading')
    return <div className="settings-to-come" role="status" aria-label="Loading" />
  return hasRides(session) ? children : notSignedIn
}

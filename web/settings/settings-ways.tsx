/**
 * The ways between the pages of settings. The shell draws them, above the map too: they stay where they are, and keep the focus, when
 * one of them is followed.
 */
import { Link, type LinkProps } from '@tanstack/react-router'
import { useApp } from '../app/app.ts'
import { useCell } from '../state/use-cell.ts'

const pages: readonly { readonly to: NonNullable<LinkProps['to']>; readonly name: string }[] = [
  { to: '/settings', name: 'Profile' },
  { to: '/settings/privacy', name: 'Privacy' },
  { to: '/settings/keys', name: 'Keys' },
  { to: '/settings/webhooks', name: 'Webhooks' },
  { to: '/settings/data', name: 'Data' },
]

export function SettingsWays() {
  const session = useCell(useApp().sessions.session)
  // Drawn also while it is asked who this is: nothing is to jump when that is known.
  if (session.status === 'nobody') return null
  return (
    <div className="settings-bar">
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
    </div>
  )
}

/** In the bar: the way to sign in, or who is signed in. Where nobody signs in, nothing. */
import { Link } from '@tanstack/react-router'
import { useApp } from '../app/app.ts'
import { useCell } from '../state/use-cell.ts'

export function AccountLink() {
  const session = useCell(useApp().sessions.session)
  switch (session.status) {
    case 'loading':
    case 'none':
      return null
    case 'nobody':
      return (
        <Link to="/sign-in" className="button button-small">
          Sign in
        </Link>
      )
    case 'rider':
      return (
        <Link to="/settings" className="account-link" aria-label={`Account of ${session.name}`}>
          {/* Drawn, not written: whoever speaks to the page calls the link by what is written on it. */}
          <span className="account-initial" aria-hidden="true" data-initial={initialOf(session.name)} />
          <span className="account-name">{session.name}</span>
        </Link>
      )
    default:
      return session satisfies never
  }
}

function initialOf(name: string): string {
  const [first] = new Intl.Segmenter().segment(name.trim())
  return (first?.segment ?? '?').toLocaleUpperCase()
}

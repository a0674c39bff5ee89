/** In the bar, for whoever has rides of his own. */
import { Link } from '@tanstack/react-router'
import { useApp } from '../app/app.ts'
import { useCell } from '../state/use-cell.ts'

export function PrivacyLink() {
  const session = useCell(useApp().sessions.session)
  if (session.status === 'loading' || session.status === 'nobody') return null
  return (
    <Link to="/privacy" className="account-link privacy-link">
      <svg
        viewBox="0 0 20 20"
        width="18"
        height="18"
        aria-hidden="true"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
      >
        <circle cx="10" cy="10" r="7.5" strokeDasharray="3 2.4" />
        <circle cx="11.8" cy="8.4" r="1.6" fill="currentColor" stroke="none" />
      </svg>
      <span className="account-name">Privacy</span>
    </Link>
  )
}

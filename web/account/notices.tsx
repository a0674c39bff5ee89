/** Why there is no account to show. */
import { Link } from '@tanstack/react-router'
import { Notice } from '../app/notice.tsx'

export function NobodySignsIn() {
  return (
    <Notice title="Nobody signs in here">
      <p>Only the machine that it runs on reaches this server, and whoever uses that sees all rides.</p>
      <Link to="/" className="button">
        Live rides
      </Link>
    </Notice>
  )
}

export function NotSignedIn() {
  return (
    <Notice title="You are not signed in">
      <Link to="/sign-in" className="button">
        Sign in
      </Link>
    </Notice>
  )
}

/** Who it is, is asked of the server. */
export function SessionToCome() {
  return <div className="form-page" role="status" aria-label="Loading" />
}

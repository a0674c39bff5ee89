/** Why there is no account to show. */
import { Link } from '@tanstack/react-router'
import { Notice } from '../app/notice.tsx'

export function NobodySignsIn() {
  return (
    <Notice title="This server has no accounts">
      <p>
        Only the computer that it runs on can reach it, and everyone who uses that computer sees all rides.
      </p>
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

/** What is added up is one's own: where nobody is signed in there is nothing to add up. */
import { Link } from '@tanstack/react-router'
import { Notice } from '../app/notice.tsx'

export function SignInFirst({ what }: { what: string }) {
  return (
    <Notice title={`${what} are of your own rides`}>
      <p>Sign in to see them. The public rides of others are in the list.</p>
      <div className="history-first-steps">
        <Link to="/sign-in" className="button button-main">
          Sign in
        </Link>
        <Link to="/history" className="button">
          Public rides
        </Link>
      </div>
    </Notice>
  )
}

export function NothingRidden({ what }: { what: string }) {
  return (
    <Notice title={`No ${what} yet`}>
      <p>They are of your finished rides: record one, or import those that you have elsewhere.</p>
      <div className="history-first-steps">
        <Link to="/record" className="button button-main">
          Record a ride
        </Link>
        <Link to="/import" className="button">
          Import files
        </Link>
      </div>
    </Notice>
  )
}

export function NotLoaded({ what, retry }: { what: string; retry: () => void }) {
  return (
    <Notice title={`The ${what} could not be loaded`} isAlert>
      <p>
        {navigator.onLine ? 'The server does not answer.' : 'You are offline.'} The page tries again by
        itself.
      </p>
      <button type="button" className="button" onClick={retry}>
        Try now
      </button>
    </Notice>
  )
}

/** What is added up is one's own: where nobody is signed in there is nothing to add up. */
import { Link } from '@tanstack/react-router'
import { Notice } from '../app/notice.tsx'
import { FirstSteps } from '../rides/no-rides.tsx'

export function SignInFirst({ what }: { what: string }) {
  return (
    <Notice title={`Sign in to see your ${what}`}>
      <p>Only your own rides are counted. The public rides of others are in the list.</p>
      <div className="first-steps">
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
      <p>Rides count once they have ended. Record one, or import the rides you have elsewhere.</p>
      <FirstSteps />
    </Notice>
  )
}

/** What is added up is one's own: where nobody is signed in there is nothing to add up. */
import { Link } from '@tanstack/react-router'
import { Notice } from '../app/notice.tsx'
import { FirstSteps } from '../rides/no-rides.tsx'

export function SignInFirst({ what }: { what: string }) {
  return (
    <Notice title={`${what} are of your own rides`}>
      <p>Sign in to see them. The public rides of others are in the list.</p>
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
      <p>They are of your finished rides: record one, or import those that you have elsewhere.</p>
      <FirstSteps />
    </Notice>
  )
}

/** What pages say where there are no rides to show, or none came, and what to do about it. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Notice } from '../app/notice.tsx'

/** Nobody is signed in, and no ride is everybody's. */
export function NoPublicRides() {
  return (
    <Notice title="No public rides">
      <p>Riders decide who sees a ride. Sign in to see your own.</p>
      <Link to="/sign-in" className="button">
        Sign in
      </Link>
    </Notice>
  )
}

/** How a rider comes to rides of his own. */
export function FirstSteps({ children }: { children?: ReactNode }) {
  return (
    <div className="first-steps">
      <Link to="/record" className="button button-main">
        Record a ride
      </Link>
      <Link to="/import" className="button">
        Import files
      </Link>
      {children}
    </div>
  )
}

/** @param what `The rides`, as the beginning of the title. */
export function NotLoaded({ what, retry }: { what: string; retry: () => void }) {
  return (
    <Notice title={`${what} could not be loaded`} isAlert>
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

/** To be typed where the server was started. */
export function Command({ children }: { children: string }) {
  return (
    <pre>
      <code>{children}</code>
    </pre>
  )
}

/** What the live page says where it has no ride to show, and what to do about it. */
import { Link } from '@tanstack/react-router'
import { useApp } from '../app/app.ts'
import { Notice } from '../app/notice.tsx'
import { Command, NoPublicRides } from '../rides/no-rides.tsx'
import { useCell } from '../state/use-cell.ts'
import type { Refusal } from './live-model.ts'
import { replayCommand, simulateCommand } from './replay-command.ts'

/** There is not one, whatever its status. */
export function NoRidesYet() {
  const session = useCell(useApp().sessions.session)
  if (session.status === 'nobody') return <NoPublicRides />
  return (
    <Notice title="No rides yet">
      <p>A ride appears here while it is being ridden, and stays here when it is over.</p>
      <p>To see one, replay a recording (GPX, FIT or TCX) as a phone would send it:</p>
      <Command>{replayCommand(window.location.origin)}</Command>
      <p>Without a recording, have some riders made up:</p>
      <Command>{simulateCommand(window.location.origin)}</Command>
      {session.status === 'rider' && (
        <p>
          Both need a key: make one in <Link to="/settings/keys">your settings</Link> and set it as
          SLIPSTREAM_TOKEN.
        </p>
      )}
    </Notice>
  )
}

export function NobodyRides() {
  return (
    <Notice title="Nobody is riding now">
      <p>A ride appears here by itself as soon as it starts.</p>
    </Notice>
  )
}

/** @param why as `nothingInWords` says it. */
export function NothingFound({ why, clear }: { why: string; clear(): void }) {
  return (
    <Notice title="Nothing found">
      <p>{why}</p>
      <button type="button" className="button" onClick={clear}>
        Show all
      </button>
    </Notice>
  )
}

export function LiveRefused({ why, retry }: { why: Refusal; retry(): void }) {
  if (why === 'old page')
    return (
      <Notice title="This page is too old" isAlert>
        <p>The server is newer than this page and does not show it the live rides. Load the page again.</p>
        <button type="button" className="button" onClick={() => window.location.reload()}>
          Load again
        </button>
      </Notice>
    )
  return (
    <Notice title="You may not see the live rides" isAlert>
      <p>The server does not show them to you. Sign in, or sign in with another account.</p>
      <div className="form-actions">
        <Link to="/sign-in" className="button button-main">
          Sign in
        </Link>
        <button type="button" className="button" onClick={retry}>
          Try again
        </button>
      </div>
    </Notice>
  )
}

export function LiveRowsToCome() {
  return (
    <div className="rows" role="status" aria-label="Loading rides">
      {Array.from({ length: 8 }, (_, index) => (
        <div key={index} className="row row-to-come" aria-hidden="true" />
      ))}
    </div>
  )
}

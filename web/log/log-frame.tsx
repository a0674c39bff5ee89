/** What the log's pages have in common: who may see them, their title, and the ways between them. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useApp } from '../app/app.ts'
import { Notice } from '../app/notice.tsx'
import { useTitle } from '../app/page.tsx'
import { useCell } from '../state/use-cell.ts'

export function LogFrame({ title, children }: { title: string; children: ReactNode }) {
  useTitle(title)
  const isAdministrator = useCell(useApp().isAdministrator)
  if (isAdministrator === null) return <div className="log-page" role="status" aria-label="Loading" />
  if (!isAdministrator) return <ForAdministrators />
  return children
}

export function LogWays() {
  return (
    <nav className="log-ways" aria-label="The log">
      <Link to="/log" activeOptions={{ exact: true, includeSearch: false }}>
        Overview
      </Link>
      <Link to="/log/streams" activeOptions={{ exact: true, includeSearch: false }}>
        Streams
      </Link>
    </nav>
  )
}

function ForAdministrators() {
  const session = useCell(useApp().sessions.session)
  return (
    <Notice title="The log is for administrators">
      <p>
        It shows every event that this server has recorded. Administrators can also rebuild its tables here.
      </p>
      {session.status === 'rider' ? (
        <>
          <p>
            You are signed in as {session.email}, who is not an administrator. Whoever runs the server can
            make you one, by starting it with your e-mail:
          </p>
          <pre>ADMINS={session.email} npm start</pre>
          <Link to="/" className="button">
            Live rides
          </Link>
        </>
      ) : (
        <>
          <p>Sign in with the account of an administrator.</p>
          <Link to="/sign-in" className="button">
            Sign in
          </Link>
        </>
      )}
    </Notice>
  )
}

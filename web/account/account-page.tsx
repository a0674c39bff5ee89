/** `/account`: who one is here, the keys of one's programs, and the way out. */
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useApp } from '../app/app.ts'
import { Notice } from '../app/notice.tsx'
import { useCell } from '../state/use-cell.ts'
import { ApiKeys } from './api-keys.tsx'
import { AccountForm, Field, textOf } from './form.tsx'
import type { Complaint, Session } from './session.ts'

export function AccountPage() {
  const session = useCell(useApp().sessions.session)
  useEffect(() => {
    document.title = 'Account · Slipstream'
  }, [])
  switch (session.status) {
    case 'loading':
      return <div className="account" role="status" aria-label="Loading" />
    case 'none':
      return (
        <Notice title="Nobody signs in here">
          <p>Only the machine that it runs on reaches this server, and whoever uses that sees all rides.</p>
        </Notice>
      )
    case 'nobody':
      return (
        <Notice title="You are not signed in">
          <Link to="/sign-in" className="button">
            Sign in
          </Link>
        </Notice>
      )
    case 'rider':
      return <Account {...session} />
    default:
      return session satisfies never
  }
}

function Account({ name, email }: Extract<Session, { status: 'rider' }>) {
  const { sessions } = useApp()
  const [complaint, setComplaint] = useState<Complaint>()
  return (
    <article className="account">
      <Link to="/" className="back">
        <span aria-hidden="true">←</span> All rides
      </Link>
      <header className="account-head">
        <div>
          <h1>{name}</h1>
          <p className="account-email">{email}</p>
        </div>
        <button type="button" className="button" onClick={() => void sessions.signOut().then(setComplaint)}>
          Sign out
        </button>
      </header>
      {complaint !== undefined && (
        <p className="complaint" role="alert">
          {complaint}
        </p>
      )}
      <section aria-label="Your name">
        <AccountForm
          key={name}
          action="Change"
          isQuiet
          submit={(fields) => sessions.rename(textOf(fields, 'name'))}
        >
          <Field
            label="Your name, beside your rides"
            name="name"
            defaultValue={name}
            autoComplete="name"
            maxLength={100}
            required
          />
        </AccountForm>
      </section>
      <ApiKeys />
    </article>
  )
}

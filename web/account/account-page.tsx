/** `/account`: who one is here, the keys of one's programs, and the way out. */
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useApp } from '../app/app.ts'
import { Notice } from '../app/notice.tsx'
import { type Opened, Opener } from '../forms/opener.tsx'
import { useCell } from '../state/use-cell.ts'
import { ApiKeys } from './api-keys.tsx'
import { AccountForm, Field, textOf } from './form.tsx'
import { type Complaint, type Session, shortestPassword } from './session.ts'

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
      <Password />
      <ApiKeys />
    </article>
  )
}

function Password() {
  const { sessions, announcements } = useApp()
  const [isChanged, setChanged] = useState(false)

  async function change(fields: FormData, { goBack }: Opened): Promise<Complaint> {
    const complaint = await sessions.changePassword(textOf(fields, 'current'), textOf(fields, 'wanted'))
    if (complaint !== undefined) return complaint
    goBack()
    setChanged(true)
    announcements.say(changed)
    return undefined
  }

  return (
    <section aria-labelledby="password-heading">
      <h2 id="password-heading">Password</h2>
      {isChanged && <p className="account-note">{changed}</p>}
      <Opener label="Change password" opening={() => setChanged(false)}>
        {(opened) => (
          <AccountForm action="Change it" submit={(fields) => change(fields, opened)} cancel={opened.goBack}>
            <Field
              label="Present password"
              name="current"
              type="password"
              autoComplete="current-password"
              required
            />
            <Field
              label="New password"
              name="wanted"
              type="password"
              autoComplete="new-password"
              minLength={shortestPassword}
              maxLength={128}
              required
              hint={`At least ${shortestPassword} characters.`}
            />
          </AccountForm>
        )}
      </Opener>
    </section>
  )
}

const changed = 'It is changed, and you are signed out everywhere else.'

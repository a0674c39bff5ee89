/** `/settings`: who one is here, how the pages look, and the way out. */
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Session } from '../account/session.ts'
import { useApp } from '../app/app.ts'
import { useTitle } from '../app/page.tsx'
import type { Complaint } from '../forms/complaint.ts'
import { ComplaintLine } from '../forms/complaint-line.tsx'
import { Field, Form, textOf } from '../forms/form.tsx'
import { hasRecordings } from '../record/has-recordings.ts'
import { useCell } from '../state/use-cell.ts'
import { Appearance } from './profile/appearance.tsx'
import { Password } from './profile/password.tsx'
import { SettingsPage } from './settings-page.tsx'

export function ProfilePage() {
  const session = useCell(useApp().sessions.session)
  useTitle(session.status === 'nobody' ? 'Settings' : 'Profile')
  return (
    <SettingsPage>
      <Who session={session} />
      <Appearance />
      {session.status === 'rider' && <Password />}
    </SettingsPage>
  )
}

function Who({ session }: { session: Session }) {
  switch (session.status) {
    case 'loading':
      return <div className="settings-to-come" role="status" aria-label="Loading" />
    case 'none':
      return (
        <header className="settings-head">
          <h1>Profile</h1>
          <p className="settings-about">
            This server has no accounts. Only the computer that it runs on can reach it, and everyone who uses
            that computer shares all rides.
          </p>
        </header>
      )
    case 'nobody':
      return (
        <header className="settings-head">
          <h1>Settings</h1>
          <p className="settings-about">
            You are not signed in. <Link to="/sign-in">Sign in</Link> to see your rides and settings.
          </p>
        </header>
      )
    case 'rider':
      return <Rider {...session} />
    default:
      return session satisfies never
  }
}

function Rider({ name, email }: Extract<Session, { status: 'rider' }>) {
  const { sessions } = useApp()
  const [complaint, setComplaint] = useState<Complaint>()
  return (
    <>
      <header className="account-head">
        <div>
          <h1>{name}</h1>
          <p className="account-email">{email}</p>
        </div>
        <button type="button" className="button" onClick={() => void sessions.signOut().then(setComplaint)}>
          Sign out
        </button>
      </header>
      <ComplaintLine complaint={complaint} />
      {hasRecordings(window.localStorage) && (
        <p className="note">
          A ride recorded in this browser has not been sent completely. If you sign out it stays here, and is
          sent when its rider next signs in here.
        </p>
      )}
      <section aria-label="Your name">
        <Form key={name} action="Save" isQuiet submit={(fields) => sessions.rename(textOf(fields, 'name'))}>
          <Field
            label="Name shown with your rides"
            name="name"
            defaultValue={name}
            autoComplete="name"
            maxLength={100}
            required
          />
        </Form>
      </section>
    </>
  )
}

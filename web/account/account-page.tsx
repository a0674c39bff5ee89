/** `/account`: who one is here, the keys of one's programs, and the way out. */
import { useState } from 'react'
import { useApp } from '../app/app.ts'
import { FormPage, useTitle } from '../app/page.tsx'
import type { Complaint } from '../forms/complaint.ts'
import { ComplaintLine } from '../forms/complaint-line.tsx'
import { Field, Form, textOf } from '../forms/form.tsx'
import { type Opened, Opener } from '../forms/opener.tsx'
import { useCell } from '../state/use-cell.ts'
import { ApiKeys } from './api-keys.tsx'
import { NewPasswordField } from './new-password-field.tsx'
import { NobodySignsIn, NotSignedIn, SessionToCome } from './notices.tsx'
import type { Session } from './session.ts'

export function AccountPage() {
  const session = useCell(useApp().sessions.session)
  useTitle('Account')
  switch (session.status) {
    case 'loading':
      return <SessionToCome />
    case 'none':
      return <NobodySignsIn />
    case 'nobody':
      return <NotSignedIn />
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
    <FormPage>
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
      <section aria-label="Your name">
        <Form key={name} action="Change" isQuiet submit={(fields) => sessions.rename(textOf(fields, 'name'))}>
          <Field
            label="Your name, beside your rides"
            name="name"
            defaultValue={name}
            autoComplete="name"
            maxLength={100}
            required
          />
        </Form>
      </section>
      <Password />
      <ApiKeys />
    </FormPage>
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
      {isChanged && <p className="note">{changed}</p>}
      <Opener label="Change password" opening={() => setChanged(false)}>
        {(opened) => (
          <Form action="Change it" submit={(fields) => change(fields, opened)} cancel={opened.goBack}>
            <Field
              label="Present password"
              name="current"
              type="password"
              autoComplete="current-password"
              required
            />
            <NewPasswordField label="New password" name="wanted" />
          </Form>
        )}
      </Opener>
    </section>
  )
}

const changed = 'It is changed, and you are signed out everywhere else.'

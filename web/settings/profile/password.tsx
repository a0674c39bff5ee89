/** Changing one's password, for who has one. */
import { useState } from 'react'
import { NewPasswordField } from '../../account/new-password-field.tsx'
import { useApp } from '../../app/app.ts'
import type { Complaint } from '../../forms/complaint.ts'
import { Field, Form, textOf } from '../../forms/form.tsx'
import { type Opened, Opener } from '../../forms/opener.tsx'
import { useHasPassword } from './use-has-password.ts'

export function Password() {
  const { sessions, announcements } = useApp()
  const [isChanged, setChanged] = useState(false)
  const hasPassword = useHasPassword()

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
      {hasPassword === false ? (
        <p className="note">You sign in through your provider, so you have no password here.</p>
      ) : (
        <Opener label="Change password" opening={() => setChanged(false)}>
          {(opened) => (
            <Form action="Save" submit={(fields) => change(fields, opened)} cancel={opened.goBack}>
              <Field
                label="Current password"
                name="current"
                type="password"
                autoComplete="current-password"
                required
              />
              <NewPasswordField label="New password" name="wanted" />
            </Form>
          )}
        </Opener>
      )}
    </section>
  )
}

const changed = 'Your password is changed, and you are signed out everywhere else.'

/** The end of an account: it is said what goes, and typed that it is meant. */
import { lastRider } from '../../account/last-rider.ts'
import type { Session } from '../../account/session.ts'
import { useApp } from '../../app/app.ts'
import { Field, Form, textOf } from '../../forms/form.tsx'
import { Opener } from '../../forms/opener.tsx'
import { whoIsQuery } from '../../record/documents.ts'
import { forgetRecordings } from '../../record/forget-recordings.ts'
import { useHasPassword } from '../profile/use-has-password.ts'
import { deleteForGood, type Means } from './delete-for-good.ts'

export function DeleteAccount({ session: { email } }: { session: Extract<Session, { status: 'rider' }> }) {
  const { server, sessions } = useApp()
  const hasPassword = useHasPassword()

  const means: Means = {
    sessions,
    async whoIs() {
      const asked = await server.query(whoIsQuery, {})
      return asked.ok ? asked.data.viewer?.id : undefined
    },
    lastRider: () => lastRider(window.localStorage),
    forgetRecordings: (riderId) => forgetRecordings(riderId, window.localStorage),
  }

  return (
    <section aria-labelledby="delete-heading" className="danger">
      <h2 id="delete-heading">Delete my account</h2>
      <p className="settings-about">
        This deletes your account and everything in it: all your rides and what was recorded of them, your
        privacy zones, API keys, webhooks and share links, and what is still waiting on this device to be
        sent. It takes effect at once and cannot be undone. Download your data first if you want to keep it.
      </p>
      {hasPassword !== null && (
        <Opener label="Delete my account…" className="button-wrong">
          {({ goBack }) => (
            <Form
              action="Delete it for good"
              isWrong
              submit={(fields) =>
                deleteForGood(
                  means,
                  { email, hasPassword },
                  { email: textOf(fields, 'email'), password: textOf(fields, 'password') },
                )
              }
              cancel={goBack}
            >
              <Field
                label="Your e-mail, to confirm"
                name="email"
                type="email"
                autoComplete="off"
                required
                hint={`Type ${email}`}
              />
              {hasPassword && (
                <Field
                  label="Password"
                  name="password"
                  type="password"
                  autoComplete="current-password"
                  required
                />
              )}
            </Form>
          )}
        </Opener>
      )}
    </section>
  )
}

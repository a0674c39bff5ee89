/** The end of an account: it is said what goes, and typed that it is meant. */
import { lastRider } from '../../account/last-rider.ts'
import type { Session } from '../../account/session.ts'
import { useApp } from '../../app/app.ts'
import type { Complaint } from '../../forms/complaint.ts'
import { Field, Form, textOf } from '../../forms/form.tsx'
import { Opener } from '../../forms/opener.tsx'
import { whoIsQuery } from '../../record/documents.ts'
import { forgetRecordings } from '../../record/forget-recordings.ts'
import { useHasPassword } from '../profile/use-has-password.ts'

export function DeleteAccount({ session: { email } }: { session: Extract<Session, { status: 'rider' }> }) {
  const { server, sessions } = useApp()
  const hasPassword = useHasPassword()

  async function remove(fields: FormData): Promise<Complaint> {
    const typed = textOf(fields, 'email').trim()
    if (typed.toLowerCase() !== email.toLowerCase()) return `Type your e-mail as it is: ${email}`
    const password = textOf(fields, 'password')
    const asked = await server.query(whoIsQuery, {})
    // Without an answer it is whom the server named last.
    const riderId = (asked.ok ? asked.data.viewer?.id : undefined) ?? lastRider(window.localStorage)
    const complaint = await sessions.deleteAccount(hasPassword === true ? { password } : { email: typed })
    if (complaint !== undefined) return complaint
    // The account is gone also where the browser keeps nothing, and so has nothing to forget.
    if (riderId !== null) await forgetRecordings(riderId, window.localStorage).catch(() => undefined)
    await sessions.leave('/account/deleted')
    return undefined
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
            <Form action="Delete it for good" isWrong submit={remove} cancel={goBack}>
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

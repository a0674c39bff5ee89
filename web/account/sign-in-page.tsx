/** `/sign-in`: with e-mail and password, or a provider; where the server takes new accounts, also making one. */
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useApp } from '../app/app.ts'
import { Notice } from '../app/notice.tsx'
import { FormPage, useTitle } from '../app/page.tsx'
import type { Complaint } from '../forms/complaint.ts'
import { ComplaintLine } from '../forms/complaint-line.tsx'
import { Field, Form, textOf } from '../forms/form.tsx'
import { useCell } from '../state/use-cell.ts'
import { NewPasswordField } from './new-password-field.tsx'
import { NobodySignsIn, SessionToCome } from './notices.tsx'
import type { SignInOffer } from './session.ts'

/** How the provider sent somebody back, read before the router tidies the address. */
const sentBack = new URLSearchParams(window.location.search).get('error')

export function SignInPage() {
  const session = useCell(useApp().sessions.session)
  useTitle('Sign in')
  switch (session.status) {
    case 'loading':
      return <SessionToCome />
    case 'none':
      return <NobodySignsIn />
    case 'rider':
      return (
        <Notice title={`You are signed in as ${session.name}`}>
          <Link to="/settings" className="button">
            Your account
          </Link>
        </Notice>
      )
    case 'nobody':
      return <SignIn offer={session.offer} />
    default:
      return session satisfies never
  }
}

function SignIn({ offer }: { offer: SignInOffer }) {
  const { sessions } = useApp()
  const [isNew, setNew] = useState(false)
  const email = <Field label="E-mail" name="email" type="email" autoComplete="username" required />
  return (
    <FormPage>
      <h1>{isNew ? 'Make an account' : 'Sign in'}</h1>
      <ComplaintLine complaint={sentBack === null ? undefined : sentenceFor(sentBack)} />
      {offer.provider && <ProviderButton />}
      {isNew ? (
        <Form
          key="new"
          action="Make the account"
          submit={(fields) =>
            sessions.signUp(textOf(fields, 'name'), textOf(fields, 'email'), textOf(fields, 'password'))
          }
        >
          <Field
            label="Name"
            name="name"
            autoComplete="name"
            maxLength={100}
            required
            hint="Everyone who can see one of your rides sees it."
          />
          {email}
          <NewPasswordField label="Password" name="password" advice="It cannot be recovered: keep it safe." />
        </Form>
      ) : (
        <Form
          key="known"
          action="Sign in"
          submit={(fields) => sessions.signIn(textOf(fields, 'email'), textOf(fields, 'password'))}
        >
          {email}
          <Field label="Password" name="password" type="password" autoComplete="current-password" required />
        </Form>
      )}
      {offer.signUp && (
        <p className="account-other">
          {isNew ? 'You have an account?' : 'No account yet?'}{' '}
          <button type="button" className="link-button" onClick={() => setNew(!isNew)}>
            {isNew ? 'Sign in' : 'Make one'}
          </button>
        </p>
      )}
      <p className="note">You can see public rides without an account.</p>
    </FormPage>
  )
}

function ProviderButton() {
  const { sessions } = useApp()
  const [complaint, setComplaint] = useState<Complaint>()
  return (
    <>
      <button
        type="button"
        className="button account-provider"
        onClick={() => void sessions.signInWithProvider().then(setComplaint)}
      >
        Continue with single sign-on
      </button>
      <ComplaintLine complaint={complaint} />
      <p className="account-or">
        <span>or</span>
      </p>
    </>
  )
}

function sentenceFor(code: string): string {
  if (code === 'account_not_linked') {
    return 'An account with this e-mail is here already, with a password. Sign in with that.'
  }
  if (code === 'signup_disabled') return 'This server takes no new accounts. Ask whoever runs it.'
  return 'Signing in with your provider did not work. Try again.'
}

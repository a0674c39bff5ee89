/** `/sign-in`: with e-mail and password, or a provider; where the server takes new accounts, also making one. */
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useApp } from '../app/app.ts'
import { Notice } from '../app/notice.tsx'
import { useCell } from '../state/use-cell.ts'
import { AccountForm, Field, textOf } from './form.tsx'
import { type Complaint, type SignInOffer, shortestPassword } from './session.ts'

/** How the provider sent somebody back, read before the router tidies the address. */
const sentBack = new URLSearchParams(window.location.search).get('error')

export function SignInPage() {
  const session = useCell(useApp().sessions.session)
  useEffect(() => {
    document.title = 'Sign in · Slipstream'
  }, [])
  switch (session.status) {
    case 'loading':
      return <div className="account" role="status" aria-label="Loading" />
    case 'none':
      return (
        <Notice title="Nobody signs in here">
          <p>Only the machine that it runs on reaches this server, and whoever uses that sees all rides.</p>
          <Link to="/" className="button">
            All rides
          </Link>
        </Notice>
      )
    case 'rider':
      return (
        <Notice title={`You are signed in as ${session.name}`}>
          <Link to="/account" className="button">
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
  return (
    <article className="account">
      <Link to="/" className="back">
        <span aria-hidden="true">←</span> All rides
      </Link>
      <h1>{isNew ? 'Make an account' : 'Sign in'}</h1>
      {sentBack !== null && (
        <p className="complaint" role="alert">
          {sentenceFor(sentBack)}
        </p>
      )}
      {offer.provider && <ProviderButton />}
      {isNew ? (
        <AccountForm
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
            hint="Whoever may see a ride of yours sees it."
          />
          <Field label="E-mail" name="email" type="email" autoComplete="username" required />
          <Field
            label="Password"
            name="password"
            type="password"
            autoComplete="new-password"
            minLength={shortestPassword}
            maxLength={128}
            required
            hint={`At least ${shortestPassword} characters. There is no way to get it back: keep it safe.`}
          />
        </AccountForm>
      ) : (
        <AccountForm
          key="known"
          action="Sign in"
          submit={(fields) => sessions.signIn(textOf(fields, 'email'), textOf(fields, 'password'))}
        >
          <Field label="E-mail" name="email" type="email" autoComplete="username" required />
          <Field label="Password" name="password" type="password" autoComplete="current-password" required />
        </AccountForm>
      )}
      {offer.signUp && (
        <p className="account-other">
          {isNew ? 'You have an account?' : 'No account yet?'}{' '}
          <button type="button" className="link-button" onClick={() => setNew(!isNew)}>
            {isNew ? 'Sign in' : 'Make one'}
          </button>
        </p>
      )}
      <p className="account-note">Public rides are seen without an account.</p>
    </article>
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
      {complaint !== undefined && (
        <p className="complaint" role="alert">
          {complaint}
        </p>
      )}
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

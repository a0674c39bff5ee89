/**
 * Who uses this page, and how one signs in here. The cookie is out of reach of scripts: the server is asked. Signing in or out
 * loads the page anew, so that nothing of what somebody else was shown stays, and the socket opens with the new cookie. Signing
 * out does so in all tabs, and in pages that the browser keeps for Back.
 */
import { away, type Complaint } from '../forms/complaint.ts'
import { backoffMs } from '../graphql/backoff.ts'
import { type Cell, createCell } from '../state/cell.ts'
import type { KeptPages } from './kept-pages.ts'
import type { OtherTabs } from './other-tabs.ts'

/** How people can sign in to this server. */
export interface SignInOffer {
  /** Whether an account can be made. */
  readonly signUp: boolean
  /** Whether there is a provider to sign in with. */
  readonly provider: boolean
}

export type Session =
  | { readonly status: 'loading' }
  /** Nobody signs in to this server. */
  | { readonly status: 'none' }
  | { readonly status: 'nobody'; readonly offer: SignInOffer }
  | { readonly status: 'rider'; readonly offer: SignInOffer; readonly name: string; readonly email: string }

export interface Sessions {
  readonly session: Cell<Session>
  signIn(email: string, password: string): Promise<Complaint>
  signUp(name: string, email: string, password: string): Promise<Complaint>
  /** Goes to the provider; it sends back to the page of rides. */
  signInWithProvider(): Promise<Complaint>
  signOut(): Promise<Complaint>
  rename(name: string): Promise<Complaint>
  /** Signs out everywhere else. */
  changePassword(current: string, wanted: string): Promise<Complaint>
  /** Whether he signs in with a password; else with the provider alone. */
  hasPassword(): Promise<boolean>
  /** For good. Then nobody is signed in: `leave` comes next. */
  deleteAccount(sure: { readonly password: string } | { readonly email: string }): Promise<Complaint>
  /** Goes to that address as nobody, and so do all tabs where they are: nothing stays of who was signed in. */
  leave(address: string): Promise<void>
}

export const shortestPassword = 10

const nameless = 'Enter the name that others see.'

/** What a rider leaves behind in this browser. */
export interface Departure extends OtherTabs, KeptPages {
  /** Forgets who he was. */
  forgetRider(): Promise<void>
  /** Who is signed in, or nobody, as the server has said: nothing of whoever was before is his. */
  riderIs(riderId: string | null): void
}

/**
 * @param leave goes to another address, as `location.assign` does.
 * @param pause waits before it is asked again who this is, where there was no answer.
 */
export function createSessions(
  leave: (address: string) => void,
  pause: (milliseconds: number) => Promise<void>,
  departure: Departure,
): Sessions {
  const session = createCell<Session>({ status: 'loading' })

  async function load(): Promise<void> {
    const offer = await offerOf()
    if (offer === null) return session.set({ status: 'none' })
    const known = (await read('/api/auth/get-session')) as {
      user: { id: string; name: string; email: string }
    } | null
    departure.riderIs(known?.user.id ?? null)
    if (known === null) session.set({ status: 'nobody', offer })
    else session.set({ status: 'rider', offer, name: known.user.name, email: known.user.email })
  }

  async function insist(): Promise<void> {
    for (let attempt = 0; session.get().status === 'loading'; attempt++) {
      await load().catch(() => pause(backoffMs(attempt, Math.random())))
    }
  }

  void insist()

  /** The page that opens next may have no network to ask by who has come. */
  function come(address: string, riderId: string | null): void {
    departure.outdate()
    departure.riderIs(riderId)
    leave(address)
  }

  async function signIn(email: string, password: string): Promise<Asked> {
    const asked = await ask('sign-in/email', { email, password })
    const { user } = asked.body as { readonly user?: { readonly id?: string } }
    if (asked.complaint === undefined) come('/', user?.id ?? null)
    return asked
  }

  async function leaveAsNobody(address: string): Promise<void> {
    departure.outdate()
    // He is signed out also where the browser keeps nothing, and so has nothing to forget.
    await departure.forgetRider().catch(() => undefined)
    departure.tellOfLeaving()
    leave(address)
  }

  return {
    session,
    leave: leaveAsNobody,
    signIn: async (email, password) => (await signIn(email, password)).complaint,
    async signUp(name, email, password) {
      if (name.trim() === '') return nameless
      const { complaint } = await ask('sign-up/email', { name, email, password })
      if (complaint !== undefined) return complaint
      const signedIn = await signIn(email, password)
      return signedIn.body['code'] === wrongPassword ? notMade : signedIn.complaint
    },
    async signInWithProvider() {
      const { complaint, body } = await ask('sign-in/social', { provider: 'oidc', callbackURL: '/' })
      if (complaint !== undefined) return complaint
      if (typeof body['url'] !== 'string') return 'The provider cannot be reached. Try again in a moment.'
      come(body['url'], null)
      return undefined
    },
    async signOut() {
      const { complaint } = await ask('sign-out', {})
      if (complaint === undefined) await leaveAsNobody('/')
      return complaint
    },
    async rename(name) {
      if (name.trim() === '') return nameless
      const { complaint } = await ask('update-user', { name })
      const known = session.get()
      if (complaint === undefined && known.status === 'rider') session.set({ ...known, name: name.trim() })
      return complaint
    },
    async changePassword(currentPassword, newPassword) {
      const asked = { currentPassword, newPassword, revokeOtherSessions: true }
      return (await ask('change-password', asked)).complaint
    },
    async hasPassword() {
      const methods = (await read('/api/auth/list-accounts')) as readonly { readonly providerId: string }[]
      return methods.some(({ providerId }) => providerId === 'credential')
    },
    async deleteAccount(sure) {
      return (await ask('delete-user', sure)).complaint
    },
  }
}

async function offerOf(): Promise<SignInOffer | null> {
  const config = (await read('/config.json')) as { signIn?: SignInOffer | null }
  return config.signIn ?? null
}

async function read(address: string): Promise<unknown> {
  const response = await fetch(address)
  if (!response.ok) throw new Error(`${address} was answered ${response.status}`)
  return response.json()
}

interface Asked {
  readonly complaint: Complaint
  /** Also of a refusal. */
  readonly body: Readonly<Record<string, unknown>>
}

async function ask(path: string, question: unknown): Promise<Asked> {
  let response: Response
  try {
    response = await fetch(`/api/auth/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(question),
    })
  } catch {
    return { complaint: away, body: {} }
  }
  const body = ((await response.json().catch(() => null)) as Record<string, unknown> | null) ?? {}
  return { complaint: response.ok ? undefined : complaintOf(response, body), body }
}

const wrongPassword = 'INVALID_EMAIL_OR_PASSWORD'

/** The server answers whoever makes an account alike, whether there is one with this e-mail or not. */
const notMade = 'This did not work. If you have an account already, sign in.'

const sentences: Readonly<Record<string, string>> = {
  [wrongPassword]: 'No account has this e-mail and password.',
  PROVIDER_NOT_FOUND: 'The provider cannot be reached. Try again in a moment.',
  INVALID_PASSWORD: 'This is not your password.',
  CREDENTIAL_ACCOUNT_NOT_FOUND: 'You sign in with your provider: this account has no password.',
  INVALID_EMAIL: 'This is not an e-mail address.',
  PASSWORD_TOO_SHORT: `A password has at least ${shortestPassword} characters.`,
  PASSWORD_TOO_LONG: 'A password has at most 128 characters.',
}

function complaintOf(response: Response, { code, message }: Readonly<Record<string, unknown>>): string {
  if (response.status === 429) {
    const seconds = Number(response.headers.get('retry-after')) || 60
    return `Too many attempts. Try again ${seconds < 90 ? `in ${seconds} seconds` : `in ${Math.ceil(seconds / 60)} minutes`}.`
  }
  const known = typeof code === 'string' ? sentences[code] : undefined
  return (
    known ?? (typeof message === 'string' ? message : 'The server could not do this. Try again in a moment.')
  )
}

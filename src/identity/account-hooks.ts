/** What we add where better-auth signs people up and in: who may, what they are called, how often a password may be guessed. */
import type { BetterAuthOptions } from 'better-auth'
import { APIError, createAuthMiddleware, getSessionFromCtx } from 'better-auth/api'
import type { AttemptRule, Attempts } from './attempts.ts'

export interface AccountRules {
  readonly signUp: 'open' | 'closed' | 'first'
  /** E-mails, in lower case. */
  readonly admins: readonly string[]
  readonly attempts: Attempts
  /** Whether there is no account yet. */
  isFirst(): Promise<boolean>
  /** Else he signs in with a provider alone. */
  hasPassword(riderId: string): Promise<boolean>
}

export const signUpPath = '/sign-up/email'
export const signUpClosed = {
  code: 'SIGN_UP_CLOSED',
  message: 'This server takes no new accounts. Ask whoever runs it.',
}

export const leavingPath = '/delete-user'
export const lastAccount = {
  code: 'LAST_ACCOUNT',
  message:
    'This is the only account of this server, and whoever came next could take the server over. Whoever runs it deletes it there: npm run forget.',
}

const longestName = 100
/** By account, from wherever: some 1,400 guesses a day. Sessions and keys that are there go on. */
const byAccount: AttemptRule = { window: 600, max: 10 }

export function accountHooks({
  signUp,
  admins,
  attempts,
  isFirst,
  hasPassword,
}: AccountRules): Pick<BetterAuthOptions, 'databaseHooks' | 'hooks'> {
  // Who knows an administrator's address is no administrator.
  const mustBeFirst = (email: string) => signUp === 'first' || (signUp === 'open' && admins.includes(email))
  return {
    databaseHooks: {
      user: {
        create: {
          before: async (user, asked) => ({
            data: {
              ...user,
              name: nameFrom(user.name),
              // Others may have come since it was looked: whether he is the first is decided where accounts are made.
              mustBeFirst: asked?.path === signUpPath && mustBeFirst(user.email),
            },
          }),
        },
        update: {
          before: async ({ name, ...rest }) => ({
            data: { ...rest, ...(name !== undefined && { name: nameFrom(name) }) },
          }),
        },
      },
      session: {
        create: { before: async (session) => ({ data: { ...session, ipAddress: null, userAgent: null } }) },
      },
    },
    hooks: {
      before: createAuthMiddleware(async (asked) => {
        const { path, body } = asked
        const email = emailIn(body)
        if (path === '/sign-in/email' && email !== undefined) await count(email)
        if (path === leavingPath) {
          // Who is not signed in the library turns away itself.
          const session = await getSessionFromCtx(asked)
          if (session !== null) await mayLeave(session.user, body)
        }
        if (path === signUpPath && email !== undefined && mustBeFirst(email) && !(await isFirst())) {
          throw new APIError('FORBIDDEN', signUpClosed)
        }
      }),
      after: createAuthMiddleware(async ({ path, body, context }) => {
        const email = emailIn(body)
        if (path === '/sign-in/email' && email !== undefined && context.newSession) {
          await attempts.forget(`account ${email}`)
        }
      }),
    },
  }

  async function count(email: string): Promise<void> {
    const { allowed, retryAfter } = await attempts.consume(`account ${email}`, byAccount)
    if (!allowed) throw tooMany(retryAfter ?? byAccount.window)
  }

  /** A session may be somebody else's by now, who found the browser open: he does not know the password, which the library checks. */
  async function mayLeave(
    { id, email }: { readonly id: string; readonly email: string },
    body: unknown,
  ): Promise<void> {
    if (await hasPassword(id)) {
      if (!hasPasswordIn(body)) throw new APIError('BAD_REQUEST', passwordMissing)
      await count(email.toLowerCase())
    } else if (emailIn(body) !== email.toLowerCase()) {
      throw new APIError('BAD_REQUEST', emailMissing)
    }
  }
}

const passwordMissing = {
  code: 'PASSWORD_REQUIRED',
  message: 'Send your password: without it nothing is deleted.',
}
const emailMissing = {
  code: 'EMAIL_REQUIRED',
  message: 'Send the e-mail of your account: without it nothing is deleted.',
}

function hasPasswordIn(body: unknown): boolean {
  if (typeof body !== 'object' || body === null || !('password' in body)) return false
  return typeof body.password === 'string' && body.password !== ''
}

function emailIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('email' in body)) return undefined
  return typeof body.email === 'string' ? body.email.trim().toLowerCase() : undefined
}

/** As others will read it. Without a fallback, a name that is none is refused. */
export function nameFrom(given: unknown, fallback?: string): string {
  const name = typeof given === 'string' ? given.replaceAll('\0', '').toWellFormed().trim() : ''
  if (name !== '' && name.length <= longestName) return name
  if (fallback !== undefined) return name === '' ? fallback : name.slice(0, longestName)
  throw new APIError('BAD_REQUEST', {
    code: 'INVALID_NAME',
    message: `A name has 1 to ${longestName} characters.`,
  })
}

function tooMany(retryAfter: number): APIError {
  const message = 'Too many attempts to sign in to this account. Try again later.'
  return new APIError(
    'TOO_MANY_REQUESTS',
    { code: 'RATE_LIMITED', message },
    { 'x-retry-after': String(retryAfter) },
  )
}

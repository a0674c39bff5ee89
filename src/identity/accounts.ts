/**
 * Accounts of people, by better-auth: e-mail and password, an OpenID provider where one is configured, sessions in cookies. The
 * tables are ours (0013_accounts.sql); an account's id is its rider's.
 */
import { type ConnectionPool, sql } from '@databases/pg'
import { type BetterAuthOptions, betterAuth } from 'better-auth'
import { APIError } from 'better-auth/api'
import { genericOAuth } from 'better-auth/plugins'
import { openPool } from '#database/pool.ts'
import {
  accountHooks,
  lastAccount,
  leavingPath,
  nameFrom,
  signUpClosed,
  signUpPath,
} from './account-hooks.ts'
import { type AttemptRule, openAttempts } from './attempts.ts'
import { columns } from './columns.ts'
import { leave } from './leaving.ts'
import { addressHeader, basePath, oidcProviderId } from './paths.ts'

export interface AccountsOptions {
  /** Of the database that is written to. */
  readonly url: string
  readonly database: ConnectionPool
  readonly secret: string
  /** Where browsers find the server. */
  readonly origin: string
  readonly signUp: 'open' | 'closed' | 'first'
  /** E-mails, in lower case: nobody can make an account with one of them, but whoever makes the first. */
  readonly admins: readonly string[]
  readonly oidc: OidcProvider | undefined
  /** A rider has left: what had let him in is no good any more, and his rides are to go. */
  readonly onLeft: (left: { readonly riderId: string; readonly credentialIds: readonly string[] }) => void
  readonly onFault: (what: string, error?: unknown) => void
}

export interface OidcProvider {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
}

export interface Accounts {
  /** Answers what is asked under `basePath`. The header `addressHeader` is the client's address, and comes from the server. */
  handle(request: Request): Promise<Response>
  readonly cookieName: string
  /** Whether somebody may make an account with an e-mail and a password. */
  isSignUpOpen(): Promise<boolean>
  close(): Promise<void>
}

const sessionSeconds = 30 * 86_400
/** Whoever comes back within the month stays signed in. */
const renewedAfterSeconds = 86_400
const shortestPassword = 10
/** Signing in now and then: few connections. */
export const accountConnections = 2

/** As the library calls it, with status 400, that the database made none: there was one before. */
const notMade = 'FAILED_TO_CREATE_USER'

/** By address, whatever it tries. */
const rules: Record<string, AttemptRule> = {
  '/sign-in/email': { window: 60, max: 10 },
  '/sign-in/social': { window: 60, max: 20 },
  [signUpPath]: { window: 600, max: 10 },
  '/change-password': { window: 60, max: 5 },
  [leavingPath]: { window: 60, max: 5 },
}
const ordinarily: AttemptRule = { window: 10, max: 100 }
/** What it says of the provider quotes nothing but the configuration. */
const ofProvider = /^(Provider "|Discovery fetch failed)/
export async function openAccounts(options: AccountsOptions): Promise<Accounts> {
  const { url, database, secret, onFault } = options
  const attempts = openAttempts(database, secret)
  const pool = openPool(
    { connectionString: url, max: accountConnections, application_name: 'slipstream accounts' },
    () => undefined,
  )
  const auth = betterAuth(settings(options, pool))
  const context = await auth.$context
  let hasAccounts = false

  /** The library then deletes what is not there any more, and the cookie. */
  async function beforeDelete({
    id: riderId,
    email,
  }: {
    readonly id: string
    readonly email: string
  }): Promise<void> {
    const { signUp, admins } = options
    const keepsLast = signUp === 'first' || (signUp === 'open' && admins.length > 0)
    const left = await leave(database, riderId, { keepsLast })
    if (left.outcome === 'last account') throw new APIError('FORBIDDEN', lastAccount)
    await attempts.forget(`account ${email.toLowerCase()}`)
    options.onLeft({ riderId, credentialIds: left.credentialIds })
  }

  async function hasPassword(riderId: string): Promise<boolean> {
    const methods = await database.query(
      sql`select from sign_in_methods where user_id = ${riderId} and password is not null`,
    )
    return methods.length > 0
  }

  async function isFirst(): Promise<boolean> {
    if (hasAccounts) return false
    hasAccounts = (await database.query(sql`select from accounts limit 1`)).length > 0
    return !hasAccounts
  }

  function settings(
    { origin, signUp, admins, oidc }: AccountsOptions,
    pool: ReturnType<typeof openPool>,
  ): BetterAuthOptions {
    return {
      appName: 'Slipstream',
      baseURL: origin,
      basePath,
      // In this form it looks for none in the environment.
      secrets: [{ version: 1, value: secret }],
      database: pool,
      // Its page and its proxy's: who asks for this server by its name, from a page of that name (the server has looked).
      trustedOrigins: (request) => (request === undefined ? [] : originsOf(request)),
      ...columns,
      user: { ...columns.user, deleteUser: { enabled: true, beforeDelete } },
      advanced: {
        cookiePrefix: 'slipstream',
        useSecureCookies: origin.startsWith('https:'),
        defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
        ipAddress: { ipAddressHeaders: [addressHeader] },
        // A test compares them; at each start it would be some twenty queries.
        database: { generateId: 'uuid', validateSchema: false },
      },
      emailAndPassword: {
        enabled: true,
        disableSignUp: signUp === 'closed',
        // So that an address that is taken is answered like one that is not.
        autoSignIn: false,
        minPasswordLength: shortestPassword,
        revokeSessionsOnPasswordReset: true,
      },
      session: {
        ...columns.session,
        expiresIn: sessionSeconds,
        updateAge: renewedAfterSeconds,
        // Whoever leaves is asked for his password, or his e-mail, however fresh his session is (`account-hooks.ts`).
        freshAge: 0,
      },
      account: {
        ...columns.account,
        encryptOAuthTokens: true,
        // Who is who to another provider is not told by an e-mail that nobody has proven here.
        accountLinking: { enabled: false },
      },
      rateLimit: {
        enabled: true,
        ...ordinarily,
        customRules: rules,
        customStorage: { consume: (key, rule) => attempts.consume(`address ${key}`, rule) },
      },
      ...accountHooks({ signUp, admins, attempts, isFirst, hasPassword }),
      plugins: oidc === undefined ? [] : [provider(oidc, signUp)],
      telemetry: { enabled: false },
      // What else it has to say may quote what people sent: a fault is described as any other, its words are left out.
      logger: {
        level: 'error',
        log: (_level, words, ...more) => {
          if (ofProvider.test(words)) return onFault(`OIDC_ISSUER: ${words}`)
          const said: unknown[] = [words, ...more]
          const fault = said.find((one) => one instanceof Error && !(one instanceof APIError))
          if (fault !== undefined) onFault('A sign-in met a fault', fault)
        },
      },
      onAPIError: {
        errorURL: '/sign-in',
        // Refusals are answers, and go to whoever asked. By itself the library writes them to the terminal, in colours.
        onError(error) {
          if (error instanceof Error && !(error instanceof APIError)) onFault('A sign-in met a fault', error)
        },
      },
    }
  }

  async function handle(request: Request): Promise<Response> {
    const answer = await auth.handler(request)
    if (answer.status !== 400 || !request.url.endsWith(signUpPath)) return answer
    const said: unknown = await answer.clone().json()
    const wasNotFirst = typeof said === 'object' && said !== null && 'code' in said && said.code === notMade
    return wasNotFirst ? Response.json(signUpClosed, { status: 403 }) : answer
  }

  return {
    handle,
    cookieName: context.authCookies.sessionToken.name,
    isSignUpOpen: async () => options.signUp === 'open' || (options.signUp === 'first' && (await isFirst())),
    close: () => pool.end(),
  }
}

function provider({ issuer, clientId, clientSecret }: OidcProvider, signUp: AccountsOptions['signUp']) {
  return genericOAuth({
    config: [
      {
        providerId: oidcProviderId,
        discoveryUrl: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
        requireIdTokenVerification: true,
        ...{ clientId, clientSecret },
        scopes: ['openid', 'email', 'profile'],
        pkce: true,
        disableSignUp: signUp === 'closed',
        mapProfileToUser: ({ name, preferred_username: username }) => ({
          name: nameFrom(typeof name === 'string' && name.trim() !== '' ? name : username, 'Rider'),
        }),
      },
    ],
  })
}

function originsOf(request: Request): string[] {
  const { host } = new URL(request.url)
  return [`http://${host}`, `https://${host}`]
}

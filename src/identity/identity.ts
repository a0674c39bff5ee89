/**
 * Accounts, keys and tokens: who somebody is, by what he brings. This file is the room's first. What a rider may see is asked in
 * #rights; here it is found who asks.
 *
 *   Authorization: Bearer slip_…  ── api-keys.ts ─┐
 *   Authorization: Bearer eyJ…    ── tokens.ts ───┼── known.ts: a viewer, without a question where it was asked before
 *   Cookie                        ── sessions.ts ─┘
 */
import type { ConnectionPool } from '@databases/pg'
import { isUnavailable } from '#database/faults.ts'
import type { Scope } from '#rights/viewer.ts'
import type { Accounts, OidcProvider } from './accounts.ts'
import { type ApiKeys, hashOf, holderOf, isApiKey, openApiKeys, wereUsed } from './api-keys.ts'
import { type Answer, type Holder, Known, type LookUp } from './known.ts'
import { openRevocations } from './revocations.ts'
import { holderOfSession, sessionCookieIn, tokenIn } from './sessions.ts'
import { isToken, openTokens, riderOfSubject, type TokenIssuer } from './tokens.ts'

export interface Identity {
  /** Who brings these; a promise only where it has to be looked up. */
  whoBrings(credentials: Brought): Answer | Nobody | Promise<Answer | Nobody>
  readonly keys: ApiKeys
  /** Undefined: nobody signs in. */
  readonly accounts: Accounts | undefined
  close(): Promise<void>
}

export interface Brought {
  readonly authorization: string | undefined
  /** Left out where the request is not of a page of ours. */
  readonly cookie: string | undefined
  /** Asked before what is not known already is looked up; false: it is unavailable. */
  readonly mayBeLookedUp?: () => boolean
}

export interface Nobody {
  readonly outcome: 'nobody'
}

export interface SignIn {
  readonly secret: string
  readonly publicUrl: string | undefined
  readonly signUp: 'open' | 'closed' | 'first'
  /** E-mails, in lower case. */
  readonly admins: readonly string[]
  readonly oidc: OidcProvider | undefined
  readonly tokens: TokenIssuer | undefined
}

export interface IdentityOptions {
  readonly database: ConnectionPool
  readonly url: string
  /** Where the server is found by those on its machine. */
  readonly origin: string
  /** Undefined: nobody signs in; keys are good all the same. */
  readonly signIn: SignIn | undefined
  readonly listener: { on(channel: 'revoked', hear: (said?: string) => void): () => void }
  readonly now: () => number
  /** A rider has left, which lasts; what there is of him is still to be deleted. */
  readonly onLeft: (riderId: string) => void
  readonly onFault: (what: string, error?: unknown) => void
}

/** A revocation that nobody told this process of is seen by then; it may take 10 s at most. */
const looksApartMs = 4_000
const looksBetweenCleanings = 1_000
/** When a key was last used is written so often at most. */
const usedApartMs = 60_000

const nobody: Nobody = { outcome: 'nobody' }
const malformed: Answer = {
  outcome: 'refused',
  message: 'Send an API key or a token so: "Authorization: Bearer …", or leave the header out.',
}
const noSuchKey = 'This key is not good: it was revoked, has expired, or was never one. Make a new one.'
const noSuchSession = { refused: 'This session has ended. Sign in again.' } as const

export async function openIdentity(options: IdentityOptions): Promise<Identity> {
  const { database, url, origin, signIn, listener, now, onLeft, onFault } = options
  const known = new Known(now)
  const revocations = openRevocations(database, known)
  const keys = openApiKeys(database)
  const verify = signIn?.tokens && openTokens(signIn.tokens, now)
  // Where nobody signs in the library is not even read.
  const accounts =
    signIn &&
    (await (
      await import('./accounts.ts')
    ).openAccounts({
      ...signIn,
      ...{ url, database, onFault },
      origin: signIn.publicUrl ?? origin,
      onLeft({ riderId, credentialIds }) {
        known.revoke(credentialIds)
        onLeft(riderId)
      },
    }))
  /** Keys, and when it was written last that they are used. */
  const used = new Map<string, number>()
  const toWrite = new Set<string>()
  let looks = 0

  function whoBrings(brought: Brought): Answer | Nobody | Promise<Answer | Nobody> {
    const { authorization, cookie, mayBeLookedUp = always } = brought
    const lookUp = async (look: LookUp) => (mayBeLookedUp() ? orUnavailable(look()) : 'unavailable')
    if (authorization !== undefined) return byHeader(authorization, lookUp)
    if (cookie === undefined || accounts === undefined || signIn === undefined) return nobody
    const session = sessionCookieIn(cookie, accounts.cookieName)
    if (session === undefined) return nobody
    const answer = known.find(session, () => lookUp(() => sessionOf(session, signIn)))
    return answer instanceof Promise ? answer.then(unlessOver) : unlessOver(answer)
  }

  function byHeader(
    authorization: string,
    lookUp: (look: LookUp) => ReturnType<LookUp>,
  ): Answer | Promise<Answer> {
    if (!/^bearer /i.test(authorization)) return malformed
    const credential = authorization.slice('bearer '.length).trim()
    if (isApiKey(credential)) {
      const answer = known.find(credential, () => lookUp(() => keyOf(credential)))
      return answer instanceof Promise ? answer.then(noteUse) : noteUse(answer)
    }
    if (verify === undefined || !isToken(credential)) return malformed
    return known.find(credential, () => lookUp(() => subjectOf(credential, verify)))
  }

  async function keyOf(secret: string): ReturnType<LookUp> {
    const holder = await holderOf(database, hashOf(secret))
    if (holder === undefined) return { refused: noSuchKey }
    const { keyId, riderId, scopes, expiresAt } = holder
    return {
      credentialId: keyId,
      limitKey: `key ${keyId}`,
      boundTo: { keyId },
      ...{ riderId, scopes, expiresAt },
    }
  }

  async function subjectOf(token: string, verify: ReturnType<typeof openTokens>): ReturnType<LookUp> {
    const verification = await verify(token)
    if (verification.outcome === 'unavailable') {
      onFault('The keys of JWT_ISSUER could not be had: its tokens cannot be checked')
      return 'unavailable'
    }
    if (verification.outcome === 'refused') return { refused: verification.message }
    const { scopes, expiresAt } = verification.token
    const riderId = await riderOfSubject(database, verification.token)
    return {
      credentialId: riderId,
      limitKey: `rider ${riderId}`,
      boundTo: {},
      ...{ riderId, scopes, expiresAt },
    }
  }

  async function sessionOf(cookie: string, { secret, admins }: SignIn): ReturnType<LookUp> {
    const token = tokenIn(cookie, secret)
    const session = token === undefined ? undefined : await holderOfSession(database, token)
    if (session === undefined) return noSuchSession
    const { sessionId, riderId, email, emailIsProven, expiresAt } = session
    const scopes: Scope[] = ['rides:read', 'rides:write']
    if (emailIsProven && admins.includes(email)) scopes.push('admin')
    return { credentialId: sessionId, limitKey: `rider ${riderId}`, ...{ riderId, scopes, expiresAt } }
  }

  function noteUse(answer: Answer): Answer {
    if (answer.outcome === 'known') {
      const { credentialId } = answer.holder
      const at = now()
      if (at - (used.get(credentialId) ?? Number.NEGATIVE_INFINITY) >= usedApartMs) {
        used.set(credentialId, at)
        toWrite.add(credentialId)
      }
    }
    return answer
  }

  async function tidy(): Promise<void> {
    for (const [keyId, at] of used) if (now() - at >= usedApartMs) used.delete(keyId)
    if (toWrite.size > 0) {
      const keyIds = [...toWrite]
      toWrite.clear()
      await wereUsed(database, keyIds)
    }
    if (++looks % looksBetweenCleanings === 0) await revocations.clean()
  }

  const unlisten = listener.on('revoked', (said) => {
    // Said with nothing where hints may have been lost.
    if (said === undefined) void quietly(revocations.look)
    else revocations.hear(said)
  })
  await quietly(revocations.look)
  const looking = setInterval(() => void quietly(revocations.look).then(() => quietly(tidy)), looksApartMs)
  looking.unref()

  /** That the database is away is said elsewhere; what was not done now is done next time. */
  async function quietly(act: () => Promise<void>): Promise<void> {
    await act().catch((error: unknown) => {
      if (!isUnavailable(error)) onFault('What was revoked could not be read', error)
    })
  }

  return {
    whoBrings,
    keys: {
      ...keys,
      async revoke(riderId, id) {
        const done = await keys.revoke(riderId, id)
        if (done !== undefined) known.revoke(done.revoked)
        return done
      },
    },
    accounts,
    async close() {
      clearInterval(looking)
      unlisten()
      await quietly(tidy)
      await accounts?.close()
    },
  }
}

/** A browser sends its cookie unasked: of one that is over nobody is to be told that he sent something wrong. */
function unlessOver(answer: Answer): Answer | Nobody {
  return answer.outcome === 'refused' ? nobody : answer
}

function always(): true {
  return true
}

async function orUnavailable(looking: ReturnType<LookUp>): Promise<Awaited<ReturnType<LookUp>>> {
  try {
    return await looking
  } catch (error) {
    if (isUnavailable(error)) return 'unavailable'
    throw error
  }
}

export type { Answer, Holder }

/** Tokens (JWT) of a configured issuer: checked by its published keys, and each subject of it a rider of ours. */
import { createHash } from 'node:crypto'
import { type Queryable, sql } from '@databases/pg'
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose'
import type { Scope } from '#rights/viewer.ts'
import { scopes as allScopes } from '#rights/viewer.ts'

export interface TokenIssuer {
  readonly issuer: string
  readonly audience: string
  readonly jwksUrl: string
}

export type Verification =
  | { readonly outcome: 'good'; readonly token: VerifiedToken }
  | { readonly outcome: 'refused'; readonly message: string }
  /** The issuer's keys cannot be had. */
  | { readonly outcome: 'unavailable' }

export interface VerifiedToken {
  readonly issuer: string
  readonly subject: string
  /** What its rider is called when he comes for the first time. */
  readonly name: string
  readonly scopes: readonly Scope[]
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/** Asymmetric ones only: a key that is published must not be taken for a shared secret, and `none` is none. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]
const clockToleranceSeconds = 5
/** Keys are asked for again after so long, and for one that is not among them at most twice a minute. */
const keysMaxAgeMs = 600_000
const keysCooldownMs = 30_000
const keysTimeoutMs = 5_000
const longestToken = 8_192
const longestSubject = 500
const longestName = 100

export function isToken(text: string): boolean {
  return text.length <= longestToken && /^eyJ[\w-]*\.[\w-]+\.[\w-]*$/.test(text)
}

export function openTokens(
  { issuer, audience, jwksUrl }: TokenIssuer,
  now: () => number,
): (token: string) => Promise<Verification> {
  const keys = createRemoteJWKSet(new URL(jwksUrl), {
    cacheMaxAge: keysMaxAgeMs,
    cooldownDuration: keysCooldownMs,
    timeoutDuration: keysTimeoutMs,
  })
  const options: JWTVerifyOptions = {
    ...{ issuer, audience, algorithms },
    clockTolerance: clockToleranceSeconds,
    requiredClaims: ['sub', 'exp'],
  }
  return async (token) => {
    let payload: JWTPayload
    try {
      payload = (await jwtVerify(token, keys, { ...options, currentDate: new Date(now()) })).payload
    } catch (error) {
      return whyNot(error)
    }
    const { sub: subject, exp } = payload
    // An empty or endless subject is nobody's name.
    if (subject === undefined || subject === '' || subject.length > longestSubject || exp === undefined) {
      return noGood
    }
    const expiresAt = (exp + clockToleranceSeconds) * 1000
    return {
      outcome: 'good',
      token: { issuer, subject, name: nameIn(payload), scopes: scopesIn(payload), expiresAt },
    }
  }
}

/** Who comes with the token, made a rider where he was none. */
export async function riderOfSubject(
  database: Queryable,
  { issuer, subject, name }: Pick<VerifiedToken, 'issuer' | 'subject' | 'name'>,
): Promise<string> {
  const known: { rider_id: string }[] = await database.query(sql`
    select rider_id from token_subjects where issuer = ${issuer} and subject = ${subject}`)
  if (known[0] !== undefined) return known[0].rider_id
  const riderId = uuidOfSubject(issuer, subject)
  await database.query(sql`
    with rider as (
      insert into riders (rider_id, name) values (${riderId}, ${name}) on conflict (rider_id) do nothing
    )
    insert into token_subjects (issuer, subject, rider_id) values (${issuer}, ${subject}, ${riderId})
    on conflict do nothing`)
  return riderId
}

/** RFC 9562, 5.5: a UUID made from a name in a namespace, here the RFC's own for URLs; the name is the issuer and the subject. */
export function uuidOfSubject(issuer: string, subject: string): string {
  const namespace = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex')
  const digest = createHash('sha1').update(namespace).update(`${issuer}#${subject}`).digest().subarray(0, 16)
  digest[6] = (digest[6]! & 0x0f) | 0x50
  digest[8] = (digest[8]! & 0x3f) | 0x80
  return digest.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

const noGood: Verification = {
  outcome: 'refused',
  message:
    'This token is not good here: it has to be one of the configured issuer, for this server. Get a new one.',
}

function whyNot(error: unknown): Verification {
  if (error instanceof errors.JWTExpired) {
    return { outcome: 'refused', message: 'This token has expired. Get a new one.' }
  }
  const isOfKeys =
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid ||
    !(error instanceof errors.JOSEError) ||
    error.code === errors.JOSEError.code
  return isOfKeys ? { outcome: 'unavailable' } : noGood
}

/** RFC 8693, 4.2: names with spaces between them. Those that we do not know are others'. */
function scopesIn({ scope }: JWTPayload): readonly Scope[] {
  const named = typeof scope === 'string' ? scope.split(' ') : []
  return allScopes.filter((known) => named.includes(known))
}

function nameIn(payload: JWTPayload): string {
  const { name, preferred_username: username } = payload
  const given = [name, username].find((one) => typeof one === 'string' && one.trim() !== '')
  return typeof given === 'string'
    ? given.replaceAll('\0', '').toWellFormed().trim().slice(0, longestName)
    : 'Rider'
}

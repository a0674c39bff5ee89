/** Sessions of the web app, as far as a request needs them: the cookie, and whose it is. `accounts.ts` begins and ends them. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Queryable, sql } from '@databases/pg'

export interface SessionHolder {
  readonly sessionId: string
  readonly riderId: string
  readonly email: string
  readonly emailIsProven: boolean
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/** 32 letters and digits, and an HMAC-SHA256 in base64, as the library signs cookies. */
const cookieShape = /^[\w-]{16,64}\.[A-Za-z0-9+/]{43}=$/

/** What the cookie of that name holds, where it can be one of ours; undefined otherwise. */
export function sessionCookieIn(header: string, name: string): string | undefined {
  for (const part of header.split(';')) {
    const separator = part.indexOf('=')
    if (separator < 0 || part.slice(0, separator).trim() !== name) continue
    const value = decoded(part.slice(separator + 1).trim())
    return value !== undefined && cookieShape.test(value) ? value : undefined
  }
  return undefined
}

/** The session's token, where the signature is of this secret. */
export function tokenIn(cookie: string, secret: string): string | undefined {
  const separator = cookie.indexOf('.')
  const token = cookie.slice(0, separator)
  const signature = Buffer.from(cookie.slice(separator + 1), 'base64')
  const expected = createHmac('sha256', secret).update(token).digest()
  return signature.length === expected.length && timingSafeEqual(signature, expected) ? token : undefined
}

export async function holderOfSession(
  database: Queryable,
  token: string,
): Promise<SessionHolder | undefined> {
  const rows: {
    id: string
    user_id: string
    email: string
    is_proven: boolean
    expires_at: number
  }[] = await database.query(sql`
    select s.id, s.user_id, a.email,
           a.email_verified or exists (
             select from sign_in_methods m where m.user_id = a.id and m.provider_id = 'credential'
           ) as is_proven,
           (extract(epoch from s.expires_at) * 1000)::double precision as expires_at
      from sessions s join accounts a on a.id = s.user_id
     where s.token = ${token} and s.expires_at > now()`)
  const [row] = rows
  return (
    row && {
      sessionId: row.id,
      riderId: row.user_id,
      email: row.email,
      emailIsProven: row.is_proven,
      expiresAt: row.expires_at,
    }
  )
}

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value)
  } catch {
    return undefined
  }
}

/**
 * Who may see what, in one place that every road asks. This file is the room's first: who asks, and with what right;
 * `may-see.ts` says what that shows of a ride.
 */

/** What a credential may be used for. Who is signed in by a session may read and write. */
export type Scope = 'rides:read' | 'rides:write' | 'admin'

export const scopes: readonly Scope[] = ['rides:read', 'rides:write', 'admin']

/** Who asks. */
export interface Viewer {
  /** Null: nobody is signed in. */
  readonly riderId: string | null
  readonly scopes: ReadonlySet<Scope>
  /** A share link that came with the request, and that we made; whether it still holds, its ride knows. */
  readonly share?: Share | undefined
  /** False once the credential is revoked or has expired: then nothing more is shown. */
  isCurrent(): boolean
  /** Names the credential to whoever counts requests; never shown. */
  readonly limitKey: string
  /** An API key or a token, which what is made with it must not outlive (milliseconds since 1970). Who is signed in has none. */
  readonly boundTo?: { readonly keyId?: string; readonly expiresAt: number | null } | undefined
}

export interface Share {
  readonly rideId: string
  readonly shareId: string
}

/** Somebody who has come without a credential, from this address. */
export function anonymous(address: string): Viewer {
  return { riderId: null, scopes: nothing, isCurrent: always, limitKey: `address ${address}` }
}

export const localRiderId = '00000000-0000-4000-8000-000000000001'

/** Who asks where nobody has to sign in, which is only where the server listens to its own machine only. */
export const localRider: Viewer = {
  riderId: localRiderId,
  scopes: new Set(scopes),
  isCurrent: always,
  limitKey: 'local rider',
}

/** Whose rides are read as one's own; null: none, all are somebody else's. */
export function readerOf({ riderId, scopes }: Viewer): string | null {
  return scopes.has('rides:read') ? riderId : null
}

/** By a session, and by no key or token: these may be given to a program, which is not told how its rider signs in. */
export function isSignedIn({ riderId, boundTo }: Viewer): boolean {
  return riderId !== null && boundTo === undefined
}

const nothing: ReadonlySet<Scope> = new Set()

function always(): true {
  return true
}

/** Who sends a request, by what it brings. What it is worth is judged elsewhere; here it is found. */
import type { IncomingMessage } from 'node:http'
import type { Answer, Identity } from '#identity/identity.ts'
import { anonymous, localRider, type Viewer } from '#rights/viewer.ts'
import { type AddressOf, clientAddresses } from './client-address.ts'
import { isOfOurPage } from './origin.ts'

/** What came with a request, over HTTP in its headers, over WebSocket also in what the client says when it connects. */
export interface Credentials {
  /** As the header Authorization has it. */
  readonly authorization: string | undefined
  /** Only from a page of ours: browsers send it whoever asks them to. */
  readonly cookie: string | undefined
  /** The token of a share link. */
  readonly rideShare: string | undefined
  /** Of the client, as far as it is known: only ever counted by, never kept or logged. */
  readonly address: string
  /** Asked before what is not known already is looked up; false: it is unavailable. */
  readonly mayBeLookedUp?: () => boolean
}

export type Identification =
  | { readonly outcome: 'known'; readonly viewer: Viewer }
  /** What was sent is no good: it is not passed over. */
  | { readonly outcome: 'refused'; readonly message: string }
  /** So often that it is not looked up any more. Seconds. */
  | { readonly outcome: 'too often'; readonly retryAfter: number }
  /** It cannot be found out now: the database does not answer. */
  | { readonly outcome: 'unavailable' }

export type Identify = (credentials: Credentials) => Identification | Promise<Identification>

const directly = clientAddresses([])

/** @param isTrusted whether pages of that origin are ours, or may do as if they were. */
export function credentialsOf(
  request: IncomingMessage,
  addressOf: AddressOf = directly,
  isTrusted?: (origin: string) => boolean,
): Credentials {
  const { authorization, cookie, 'ride-share': rideShare } = request.headers
  return {
    authorization,
    cookie: cookie !== undefined && isOfOurPage(request, isTrusted) ? cookie : undefined,
    rideShare: typeof rideShare === 'string' ? rideShare : undefined,
    address: addressOf(request),
  }
}

export function createIdentify({ whoBrings, accounts }: Pick<Identity, 'whoBrings' | 'accounts'>): Identify {
  const isOpen = accounts === undefined
  /** Who comes with nothing is nobody, and where nobody signs in, the local rider. */
  function identified(answer: Answer | { readonly outcome: 'nobody' }, address: string): Identification {
    if (answer.outcome !== 'nobody') return answer
    return { outcome: 'known', viewer: isOpen ? localRider : anonymous(address) }
  }
  return (credentials) => {
    const answer = whoBrings(credentials)
    const { address } = credentials
    return answer instanceof Promise
      ? answer.then((found) => identified(found, address))
      : identified(answer, address)
  }
}

/** Who sends a request, by what it brings. What it is worth is judged elsewhere; here it is found. */
import type { IncomingMessage } from 'node:http'
import type { Viewer } from '#rights/viewer.ts'

/** What came with a request, over HTTP in its headers, over WebSocket also in what the client says when it connects. */
export interface Credentials {
  /** As the header Authorization has it. */
  readonly authorization: string | undefined
  readonly cookie: string | undefined
  /** The token of a share link. */
  readonly rideShare: string | undefined
  /** Of the client, as far as it is known: only ever counted by, never kept or logged. */
  readonly address: string
}

export type Identification =
  | { readonly outcome: 'known'; readonly viewer: Viewer }
  /** What was sent is no good: it is not passed over. */
  | { readonly outcome: 'refused'; readonly message: string }

export type Identify = (credentials: Credentials) => Identification | Promise<Identification>

export function credentialsOf({ headers, socket }: IncomingMessage): Credentials {
  const { authorization, cookie, 'ride-share': rideShare } = headers
  return {
    authorization,
    cookie,
    rideShare: typeof rideShare === 'string' ? rideShare : undefined,
    address: socket.remoteAddress ?? '',
  }
}

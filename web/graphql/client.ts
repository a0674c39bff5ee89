/**
 * The page's way to the server: queries by HTTP POST (urql), subscriptions over one WebSocket (graphql-ws).
 *
 * No cache exchange: what the page holds are rides, each with its version, and merging by version is exact where
 * a cache by type name would guess.
 */
import { Client, fetchExchange, type OperationResult } from 'urql'
import { type Failure, judgeProblems } from './failure.ts'
import type { TadaDocumentNode } from './graphql.ts'
import { createSocket, type Socket } from './socket.ts'

export type Answer<Data> = { ok: true; data: Data } | { ok: false; failure: Failure }

export interface Server {
  readonly socket: Socket
  /** Asks once. A network that is away is the failure `again`. */
  query<Data, Variables extends Record<string, unknown>>(
    document: TadaDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<Answer<Data>>
  /** Asks once, as above: whether it was done is not known where the network is away. */
  mutate<Data, Variables extends Record<string, unknown>>(
    document: TadaDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<Answer<Data>>
}

/** What of the server the state behind a page needs that asks and follows. */
export interface FollowedServer extends Pick<Server, 'query'> {
  readonly socket: Pick<Socket, 'pause' | 'retryNow'> & {
    readonly client: Pick<Socket['client'], 'subscribe'>
    readonly connection: Pick<Socket['connection'], 'status'>
  }
}

/** @param rideShare the token of the share link that the page was opened with. */
export function createServer(origin: string, rideShare?: string): Server {
  const http = new Client({
    url: new URL('/graphql', origin).href,
    exchanges: [fetchExchange],
    // A plain JSON POST takes the server's shortest road.
    preferGetMethod: false,
    ...(rideShare !== undefined && { fetchOptions: { headers: { 'ride-share': rideShare } } }),
    requestPolicy: 'network-only',
  })
  const socket = createSocket(new URL('/graphql', origin.replace(/^http/, 'ws')).href, rideShare)

  function answerIn<Data>(result: Pick<OperationResult<Data>, 'error' | 'data'>): Answer<Data> {
    if (result.error?.networkError !== undefined) socket.lookOut()
    return judge(result)
  }

  return {
    socket,
    query: async (document, variables) => answerIn(await http.query(document, variables).toPromise()),
    mutate: async (document, variables) => answerIn(await http.mutation(document, variables).toPromise()),
  }
}

function judge<Data>({ error, data }: Pick<OperationResult<Data>, 'error' | 'data'>): Answer<Data> {
  if (error !== undefined) return { ok: false, failure: judgeProblems(error.graphQLErrors) }
  if (data === undefined) return { ok: false, failure: { kind: 'again', retryAfterMs: null } }
  return { ok: true, data }
}

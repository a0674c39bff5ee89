/**
 * Asks until there is an answer, or a refusal that asking again would not change: for what must be known sooner or
 * later, such as the route of a ride that was just finished.
 */
import { backoffMs } from './backoff.ts'
import type { Answer, Server } from './client.ts'
import type { Failure } from './failure.ts'
import type { TadaDocumentNode } from './graphql.ts'
import type { Socket } from './socket.ts'

/**
 * @param signal ends it; the promise then never resolves, and nothing comes of it.
 * @param onFailure is called each time that no answer came.
 */
export async function insist<Data, Variables extends Record<string, unknown>>(
  server: Pick<Server, 'query'> & { readonly socket: Pick<Socket, 'pause'> },
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
  signal: AbortSignal,
  onFailure: (failure: Failure) => void = () => {},
): Promise<Answer<Data>> {
  for (let attempt = 0; ; attempt++) {
    const answer = await server.query(document, variables)
    if (signal.aborted) return new Promise(() => {})
    if (answer.ok || answer.failure.kind !== 'again') return answer
    onFailure(answer.failure)
    const waitMs = answer.failure.retryAfterMs ?? backoffMs(attempt, Math.random())
    await server.socket.pause(waitMs)
  }
}

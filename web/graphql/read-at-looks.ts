/** What no feed tells of, read again with each look: it may be hidden or deleted meanwhile. */
import type { Answer, FollowedServer } from './client.ts'
import type { TadaDocumentNode } from './graphql.ts'
import { insist } from './insist.ts'

/**
 * @param looks calls a function whenever somebody looks at the page again, until what it returns is called.
 * @param tell is given the answer to what was asked last, and to no other.
 * @returns ends it.
 */
export function readAtLooks<Data, Variables extends Record<string, unknown>>(
  server: Pick<FollowedServer, 'query'> & { readonly socket: Pick<FollowedServer['socket'], 'pause'> },
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
  looks: (look: () => void) => () => void,
  tell: (answer: Answer<Data>) => void,
): () => void {
  let asking = new AbortController()
  function look(): void {
    asking.abort()
    asking = new AbortController()
    void insist(server, document, variables, asking.signal).then(tell)
  }
  const endLooks = looks(look)
  look()
  return () => {
    endLooks()
    asking.abort()
  }
}

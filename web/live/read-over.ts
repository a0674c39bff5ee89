/** A ride that no feed tells of, read again with each look: it may be hidden or deleted meanwhile. */
import type { FollowedServer } from '../graphql/client.ts'
import { insist } from '../graphql/insist.ts'
import { type RideSummary, rideRowQuery } from '../rides/documents.ts'

/**
 * @param looks calls a function whenever somebody looks at the page again, until what it returns is called.
 * @param tell is given null where there is none to be seen.
 * @returns ends it.
 */
export function readOver(
  server: FollowedServer,
  rideId: string,
  looks: (look: () => void) => () => void,
  tell: (ride: RideSummary | null) => void,
): () => void {
  let asking = new AbortController()
  function look(): void {
    // Only the answer to what was asked last counts.
    asking.abort()
    asking = new AbortController()
    void insist(server, rideRowQuery, { id: rideId, minVersion: null }, asking.signal).then((answer) =>
      tell(answer.ok ? answer.data.ride : null),
    )
  }
  const endLooks = looks(look)
  look()
  return () => {
    endLooks()
    asking.abort()
  }
}

/** A ride that no feed tells of, read again with each look: it may be hidden or deleted meanwhile. */
import type { FollowedServer } from '../graphql/client.ts'
import { readAtLooks } from '../graphql/read-at-looks.ts'
import { type RideSummary, rideRowQuery } from '../rides/documents.ts'

/**
 * @param looks as of `readAtLooks`.
 * @param tell is given null where there is none to be seen.
 * @returns ends it.
 */
export function readOver(
  server: FollowedServer,
  rideId: string,
  looks: (look: () => void) => () => void,
  tell: (ride: RideSummary | null) => void,
): () => void {
  return readAtLooks(server, rideRowQuery, { id: rideId, minVersion: null }, looks, (answer) =>
    tell(answer.ok ? answer.data.ride : null),
  )
}

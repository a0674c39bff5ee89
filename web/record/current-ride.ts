/** Which of the rides on this phone is the one that is recorded. */
import type { RideQueue } from './ride-queue.ts'

/**
 * The newest of those that go on; where all are over, the newest. A clock that was set back has one that goes on begin before
 * another that is over.
 *
 * @param queues the oldest first.
 */
export function currentRide<Queue extends Pick<RideQueue, 'recording'>>(
  queues: readonly Queue[],
): Queue | null {
  return queues.findLast(({ recording }) => recording.status !== 'ENDED') ?? queues.at(-1) ?? null
}

/** A ride's move, as the tail tells of it, and whether the read side will still come to it. */

/** What the table keeps of a ride; the API knows the rest of its fields. */
export interface InProgress {
  readonly rideId: string
  readonly version: number
  /** Where in the log that version is. */
  readonly partition: number
  readonly position: number
}

export interface Move extends Omit<InProgress, 'rideId'> {
  /** What the read side has of the ride from before this version is not for all who were shown it. */
  readonly concealedAt?: number | undefined
}

/**
 * Whether the read side has come past a move: it takes a partition's events in order, so where it has a later one and not
 * this one it never will (its ride is parked, or the event was skipped). Of rides that were read at one time.
 */
export function passedBy(rides: readonly InProgress[]): (move: Move) => boolean {
  const reached = new Map<number, number>()
  for (const { partition, position } of rides) {
    reached.set(partition, Math.max(position, reached.get(partition) ?? 0))
  }
  return ({ partition, position }) => position < (reached.get(partition) ?? 0)
}

/** The entries of one ride: read once, written one after the other, and what they come to at every moment. */

import { createOdometer, type Odometer } from './distance.ts'
import type { Entry, TakenPosition } from './entries.ts'
import { evolve, type Recording } from './recording.ts'
import type { RecordingStore, StoredRide } from './recording-store.ts'

export interface RideQueue {
  readonly rideId: string
  readonly riderId: string
  readonly recording: Recording
  /** All that were taken; grown in place. */
  readonly positions: readonly TakenPosition[]
  readonly odometer: Odometer
  /**
   * Decides on the newest state what is to be written, and resolves when it is. Whatever follows from it comes after.
   * Rejects with `WrittenElsewhere`, or where the browser can keep no more.
   */
  append(decide: (recording: Recording) => readonly Entry[]): Promise<void>
}

/** Another tab records this ride now: what this one knows of it is old. */
export class WrittenElsewhere extends Error {}

export type QueueStore = Pick<RecordingStore, 'entriesOf' | 'append'>

/**
 * @param written is called whenever something was.
 * @returns undefined: there is nothing of this ride.
 */
export async function openQueue(
  store: QueueStore,
  stored: StoredRide,
  written?: (queue: RideQueue) => void,
): Promise<RideQueue | undefined> {
  const entries = await store.entriesOf(stored.rideId)
  const [first] = entries
  return first === undefined
    ? undefined
    : queueOf(store, { ...stored, length: entries.length }, entries, written)
}

/** Begins a ride; resolves when it is written. */
export async function beginQueue(
  store: QueueStore,
  riderId: string,
  start: Entry & { type: 'RideStarted' },
  written?: (queue: RideQueue) => void,
): Promise<RideQueue> {
  const ride = { rideId: start.rideId, riderId, startedAt: start.at, length: 0 }
  if (!(await store.append(ride, [start]))) throw new WrittenElsewhere()
  return queueOf(store, { ...ride, length: 1 }, [start], written)
}

function queueOf(
  store: QueueStore,
  stored: StoredRide,
  entries: readonly Entry[],
  told: (queue: RideQueue) => void = () => undefined,
): RideQueue {
  const positions: TakenPosition[] = []
  const odometer = createOdometer()
  let length = 0
  let recording: Recording | null = null
  let writing: Promise<void> = Promise.resolve()

  function apply(entry: Entry): Recording {
    recording = evolve(recording, entry)
    length += 1
    if (entry.type === 'PositionTaken') {
      positions.push(entry.position)
      odometer.add(entry.position)
    }
    if (entry.type === 'RidePaused') odometer.lift()
    return recording
  }

  function current(): Recording {
    if (recording === null) throw new Error('A queue without an entry')
    return recording
  }

  for (const entry of entries) apply(entry)

  const queue: RideQueue = {
    rideId: stored.rideId,
    riderId: stored.riderId,
    get recording() {
      return current()
    },
    positions,
    odometer,
    append(decide) {
      const written = writing.then(async () => {
        const decided = decide(current())
        if (decided.length === 0) return
        if (!(await store.append({ ...stored, length }, decided))) throw new WrittenElsewhere()
        for (const entry of decided) apply(entry)
        told(queue)
      })
      // The next is tried all the same: what failed was not applied.
      writing = written.catch(() => undefined)
      return written
    },
  }
  return queue
}

/** The entries of one ride: read once, written one after the other, and what they come to at every moment. */

import { createOdometer, type Odometer } from './distance.ts'
import type { Entry, TakenPosition } from './entries.ts'
import { evolve, positionsHeld, type Recording } from './recording.ts'
import type { RecordingStore, StoredRide } from './recording-store.ts'

export interface RideQueue {
  readonly rideId: string
  readonly riderId: string
  readonly recording: Recording
  /** Those that were taken and are here; grown in place. */
  readonly positions: readonly TakenPosition[]
  /** Index of the first of them among all that were taken: there may have been no room for those before. */
  readonly positionsFrom: number
  /** @param from index among all that were taken. */
  taken(from: number, count: number): readonly TakenPosition[]
  readonly odometer: Odometer
  /**
   * Decides on the newest state what is to be written, and resolves when it is. Whatever follows from it comes after.
   * Rejects with `WrittenElsewhere`, or where the browser can keep no more.
   */
  append(decide: (recording: Recording) => readonly Entry[]): Promise<void>
}

/** Another tab records this ride now: what this one knows of it is old. */
export class WrittenElsewhere extends Error {}

export type QueueStore = Pick<RecordingStore, 'entriesOf' | 'append' | 'replace'>

/**
 * @param written is called whenever something was.
 * @returns undefined: there is nothing of this ride.
 */
export async function openQueue(
  store: QueueStore,
  stored: StoredRide,
  written?: (queue: RideQueue) => void,
): Promise<RideQueue | undefined> {
  const { entries, length } = await store.entriesOf(stored.rideId)
  return length === 0 ? undefined : queueOf(store, { ...stored, length }, entries, written)
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
  let positionsFrom = 0
  let odometer = createOdometer()
  let { length } = stored
  /** Those before it are on the disk no more. */
  let freedBefore = 0
  let recording: Recording | null = null
  let writing: Promise<void> = Promise.resolve()

  function apply(entry: Entry): Recording {
    recording = evolve(recording, entry)
    if (entry.type === 'Freed') {
      freedBefore = entry.from
      positionsFrom = entry.from
      positions.splice(0, positions.length, ...entry.positions)
      odometer = createOdometer(entry.metres)
      for (const [index, position] of positions.entries()) {
        if (recording.stretches.includes(positionsFrom + index)) odometer.lift()
        odometer.add(position)
      }
    }
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

  /** Makes room: what the server has is deleted. False: it has nothing more that is here. */
  async function free(): Promise<boolean> {
    const from = positionsHeld(current())
    if (from <= freedBefore) return false
    const kept = positions.slice(from - positionsFrom)
    const metres = odometer.through[from - positionsFrom - 1] ?? odometer.before
    const freed: Entry = { type: 'Freed', recording: current(), from, positions: kept, metres }
    const isFreed = await store.replace({ ...stored, length }, freed)
    if (isFreed) freedBefore = from
    return isFreed
  }

  async function write(decided: readonly Entry[]): Promise<void> {
    const more = () => store.append({ ...stored, length }, decided)
    const isWritten = await more().catch(async (full: unknown) => {
      if (await free().catch(() => false)) return more()
      throw full
    })
    if (!isWritten) throw new WrittenElsewhere()
    length += decided.length
  }

  for (const entry of entries) apply(entry)

  const queue: RideQueue = {
    rideId: stored.rideId,
    riderId: stored.riderId,
    get recording() {
      return current()
    },
    positions,
    get positionsFrom() {
      return positionsFrom
    },
    get odometer() {
      return odometer
    },
    taken: (from, count) => positions.slice(from - positionsFrom, from - positionsFrom + count),
    append(decide) {
      const written = writing.then(async () => {
        const decided = decide(current())
        if (decided.length === 0) return
        await write(decided)
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

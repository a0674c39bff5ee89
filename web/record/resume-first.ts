/** When a command is given to a server that knows of later ones, from elsewhere: as early as it may be. */
import type { RideQueue } from './ride-queue.ts'

/**
 * A ride that was paused elsewhere, and is recorded here, goes on with the first position that waits, so that none is of the
 * pause.
 *
 * @returns milliseconds since 1970.
 */
export function resumeFirstAt({
  recording: { waiting, lastAt },
  taken,
}: Pick<RideQueue, 'recording' | 'taken'>): number {
  const upload = waiting.find(({ kind }) => kind === 'upload')
  const [next] = upload?.kind === 'upload' ? taken(upload.from, 1) : []
  return next?.at ?? lastAt
}

/**
 * Where what stands first was refused for its time: when it was recorded here last. A clock elsewhere may be ahead of all
 * that is written here: then it is done when the server takes it.
 *
 * @returns milliseconds since 1970; null: when the server takes it.
 */
export function retimedAt({ recording: { waiting, lastAt } }: Pick<RideQueue, 'recording'>): number | null {
  const [first] = waiting
  return first !== undefined && 'at' in first && first.at !== null && lastAt > first.at ? lastAt : null
}

/** A ride that was paused elsewhere, and is recorded here: when it goes on, for the server. */
import type { RideQueue } from './ride-queue.ts'

/**
 * With the first position that waits, so that none is of the pause. Where that pause came later, it stands: up to what was
 * written here last, or up to now.
 *
 * @returns milliseconds since 1970; null: all of these were too early.
 */
export function resumeFirstAt(
  { recording: { waiting, lastAt }, taken }: Pick<RideQueue, 'recording' | 'taken'>,
  nowMs: number,
): number | null {
  const [first] = waiting
  const triedAt = first?.kind === 'resume' ? first.at : Number.NEGATIVE_INFINITY
  const upload = waiting.find(({ kind }) => kind === 'upload')
  const next = upload?.kind === 'upload' ? taken(upload.from, 1) : []
  const times = [...next.map(({ at }) => at), lastAt, nowMs]
  return times.find((at) => at > triedAt) ?? null
}

/** A ride that was paused elsewhere, and is recorded here: when it goes on, for the server. */
import type { TakenPosition } from './entries.ts'
import type { Recording } from './recording.ts'

/**
 * With the first position that waits, so that none is of the pause. Where that pause came later, it stands: up to what was
 * written here last, or up to now.
 *
 * @returns milliseconds since 1970; null: all of these were too early.
 */
export function resumeFirstAt(
  { waiting, lastAt }: Pick<Recording, 'waiting' | 'lastAt'>,
  positions: readonly TakenPosition[],
  nowMs: number,
): number | null {
  const [first] = waiting
  const triedAt = first?.kind === 'resume' ? first.at : Number.NEGATIVE_INFINITY
  const upload = waiting.find(({ kind }) => kind === 'upload')
  const taken = upload?.kind === 'upload' ? positions[upload.from] : undefined
  const times = [...(taken === undefined ? [] : [taken.at]), lastAt, nowMs]
  return times.find((at) => at > triedAt) ?? null
}

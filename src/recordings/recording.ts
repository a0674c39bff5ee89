/**
 * What a device recorded of one ride, whatever file it came in: its samples, and where its timer stood
 * still.
 */

import type { Position } from '#ride/position.ts'

export interface Recording {
  /** The name the file gives the ride; undefined where it gives none. */
  readonly name: string | undefined
  /** When the ride began, in milliseconds since 1970-01-01 UTC. */
  readonly startedAt: number
  /** When the ride ended, in milliseconds since 1970-01-01 UTC. */
  readonly endedAt: number
  /**
   * In order of time, and of the device's file where times are equal: samples, and where its timer stopped
   * and went on.
   */
  readonly entries: readonly RecordingEntry[]
}

/**
 * Pauses and resumes take turns, a pause first. A sample may have no fix, may share its time with another,
 * and may lie in a pause: some devices go on recording while their timer stands.
 */
export type RecordingEntry =
  | { readonly kind: 'position'; readonly position: Position }
  | { readonly kind: 'pause'; readonly at: number }
  | { readonly kind: 'resume'; readonly at: number }

/** When an entry happened, in milliseconds since 1970-01-01 UTC. */
export function timeOf(entry: RecordingEntry): number {
  return entry.kind === 'position' ? entry.position.at : entry.at
}

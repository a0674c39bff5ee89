/**
 * A recording as what a device would have sent: a start, uploads, pauses and resumes, and an end, in order. Ids are given
 * by whoever sends them.
 */

import type { Position } from '#ride/position.ts'
import type { Recording } from './recording.ts'

export interface Plan {
  readonly steps: readonly Step[]
  /** Positions in the steps. */
  readonly positions: number
  /** Positions recorded while the timer stood still: a ride takes positions only while it is active. */
  readonly leftOut: number
}

/**
 * `dueAt` and `at` are milliseconds since 1970-01-01 UTC by the recording's clock; `dueAt`, when a device would send it,
 * never runs backwards.
 */
export type Step =
  | { readonly kind: 'upload'; readonly dueAt: number; readonly positions: readonly Position[] }
  | { readonly kind: 'start' | 'pause' | 'resume' | 'end'; readonly dueAt: number; readonly at: number }

/** The most that the service takes in one upload. */
export const uploadPositions = 1_000

/** The plan of a recording, with uploads that span less than `uploadSpanMs` of it, where that is given. */
export function planOf(recording: Recording, uploadSpanMs = Number.POSITIVE_INFINITY): Plan {
  const { startedAt, endedAt, entries } = recording
  const steps: Step[] = [{ kind: 'start', dueAt: startedAt, at: startedAt }]
  let positions = 0
  let leftOut = 0
  let paused = false
  let commandAt = startedAt
  let upload: Position[] = []

  const due = (at: number): number => Math.max(at, steps.at(-1)!.dueAt)
  const flush = (): void => {
    if (upload.length === 0) return
    steps.push({ kind: 'upload', dueAt: due(upload.at(-1)!.at), positions: upload })
    upload = []
  }
  const command = (kind: 'pause' | 'resume' | 'end', at: number): void => {
    flush()
    commandAt = Math.max(commandAt, at)
    steps.push({ kind, dueAt: due(at), at: commandAt })
  }
  const isFull = (next: Position): boolean => {
    const [first] = upload
    return first !== undefined && (upload.length === uploadPositions || next.at - first.at >= uploadSpanMs)
  }

  for (const entry of entries) {
    if (entry.kind !== 'position') {
      command(entry.kind, entry.at)
      paused = entry.kind === 'pause'
    } else if (paused) {
      leftOut++
    } else {
      if (isFull(entry.position)) flush()
      upload.push(entry.position)
      positions++
    }
  }
  command('end', endedAt)
  return { steps, positions, leftOut }
}

/**
 * What a phone would have sent while the ride was recorded: the commands and uploads of a recording, in
 * order, each with its ids and with the moment it falls due. Everything is decided here, before the first
 * byte is sent, so that sending again is sending the same.
 */

import type { Recording } from '#recordings/recording.ts'
import type { Position } from '#ride/position.ts'

export interface Plan {
  readonly rideId: string
  readonly startedAt: number
  readonly endedAt: number
  readonly steps: readonly Step[]
  /** Positions in the steps. */
  readonly positions: number
  /** Positions recorded while the timer stood still: a ride takes positions only while it is active. */
  readonly leftOut: number
}

/**
 * `dueAt` and `at` are milliseconds since 1970-01-01 UTC by the recording's clock; `dueAt` never runs
 * backwards.
 */
export type Step =
  | { readonly kind: 'start'; readonly dueAt: number; readonly at: number; readonly title: string }
  | {
      readonly kind: 'upload'
      readonly dueAt: number
      readonly uploadId: string
      readonly positions: readonly Position[]
    }
  | {
      readonly kind: 'pause' | 'resume' | 'end'
      readonly dueAt: number
      readonly at: number
      readonly commandId: string
    }

/** A phone uploads this often, so that those who watch see the ride no later. */
export const uploadSpanMs = 10_000
/** The most that the service takes in one upload. */
export const uploadPositions = 1_000

/**
 * The plan of a recording. `newId` makes a UUID: the ride's first, then one for each upload and command, in
 * order.
 */
export function planReplay(recording: Recording, title: string, newId: () => string): Plan {
  const { startedAt, endedAt, entries } = recording
  const rideId = newId()
  const steps: Step[] = [{ kind: 'start', dueAt: startedAt, at: startedAt, title }]
  let positions = 0
  let leftOut = 0
  let paused = false
  let commandAt = startedAt
  let upload: Position[] = []

  const due = (at: number): number => Math.max(at, steps.at(-1)!.dueAt)
  const flush = (): void => {
    if (upload.length === 0) return
    steps.push({ kind: 'upload', dueAt: due(upload.at(-1)!.at), uploadId: newId(), positions: upload })
    upload = []
  }
  const command = (kind: 'pause' | 'resume' | 'end', at: number): void => {
    flush()
    commandAt = Math.max(commandAt, at)
    steps.push({ kind, dueAt: due(at), at: commandAt, commandId: newId() })
  }

  for (const entry of entries) {
    if (entry.kind !== 'position') {
      command(entry.kind, entry.at)
      paused = entry.kind === 'pause'
    } else if (paused) {
      leftOut++
    } else {
      if (isFull(upload, entry.position)) flush()
      upload.push(entry.position)
      positions++
    }
  }
  command('end', endedAt)
  return { rideId, startedAt, endedAt, steps, positions, leftOut }
}

function isFull(upload: readonly Position[], next: Position): boolean {
  const first = upload[0]
  return first !== undefined && (upload.length === uploadPositions || next.at - first.at >= uploadSpanMs)
}

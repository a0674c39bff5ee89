/**
 * A recording as what a device would have sent: a start, uploads, pauses and resumes, and an end, in order. Ids are given
 * by whoever sends them.
 */

import type { Position } from '#ride/position.ts'
import { counted, type LeftOut } from './left-out.ts'
import type { Recording, RecordingEntry } from './recording.ts'

export interface Plan {
  readonly steps: readonly Step[]
  /** Positions in the steps. */
  readonly positions: number
  /** Samples that are in none of the steps. */
  readonly leftOut: readonly LeftOut[]
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

/**
 * The plan of a recording. Where `uploadSpanMs` is given, uploads span less of it, for so long a device waits to send what it
 * has. A ride takes positions only while it is active, so what was recorded in a pause follows behind its resume, in as few
 * uploads as take it, for nothing of it has to wait any more: by its time the ride knows where it belongs. Of a pause that
 * nothing resumed it is left out.
 */
export function planOf(recording: Recording, uploadSpanMs = Number.POSITIVE_INFINITY): Plan {
  const { startedAt, endedAt, entries } = recording
  const steps: Step[] = [{ kind: 'start', dueAt: startedAt, at: startedAt }]
  let positions = 0
  let commandAt = startedAt
  let upload: Position[] = []
  let paused = false
  const inPause: Position[] = []

  const due = (at: number): number => Math.max(at, steps.at(-1)!.dueAt)
  const flush = (): void => {
    if (upload.length === 0) return
    positions += upload.length
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

  for (const entry of beforeTheirPause(entries)) {
    if (entry.kind === 'pause') {
      command('pause', entry.at)
      paused = true
    } else if (entry.kind === 'resume') {
      command('resume', entry.at)
      for (; inPause.length > 0; flush()) upload = inPause.splice(0, uploadPositions)
      paused = false
    } else if (paused) {
      inPause.push(entry.position)
    } else {
      if (isFull(entry.position)) flush()
      upload.push(entry.position)
    }
  }
  command('end', endedAt)
  return { steps, positions, leftOut: counted(inPause.map(() => 'LAST_PAUSE')) }
}

/** How many of these positions are in the steps. */
export function countIn(
  steps: readonly { readonly kind: string; readonly positions?: readonly Position[] }[],
  these: ReadonlySet<Position>,
): number {
  let count = 0
  for (const { positions = [] } of steps) for (const position of positions) if (these.has(position)) count++
  return count
}

/** A sample at the instant of a pause, which devices write behind it, is one of the time before: so a ride has it, too. */
function* beforeTheirPause(entries: readonly RecordingEntry[]): Generator<RecordingEntry> {
  let pause: Extract<RecordingEntry, { kind: 'pause' }> | undefined
  for (const entry of entries) {
    const isOfIt = entry.kind === 'position' && entry.position.at === pause?.at
    if (pause !== undefined && !isOfIt) {
      yield pause
      pause = undefined
    }
    if (entry.kind === 'pause') pause = entry
    else yield entry
  }
  if (pause !== undefined) yield pause
}

/** A simulated ride as the steps of a client that records it, made as it is ridden: nothing of the road ahead is kept. */

import type { Step } from '#cli/ride/plan.ts'
import { uploadPositions } from '#recordings/plan.ts'
import type { RecordingEntry } from '#recordings/recording.ts'
import type { Position } from '#ride/position.ts'
import type { Visibility } from './options.ts'

/** Uploads span less than this, in milliseconds; the first one another time, so that many who set out at once send one by one. */
export interface Pace {
  readonly firstSpanMs: number
  readonly spanMs: number
}

export interface StepOptions {
  readonly title: string
  readonly visibility: Visibility
  /** Milliseconds since 1970-01-01 UTC. */
  readonly startedAt: number
  readonly pace: Pace
  readonly newId: () => string
}

/** The rider records nothing in his pauses. */
export function* stepsOf(
  entries: Iterable<RecordingEntry>,
  { title, visibility, startedAt, pace, newId }: StepOptions,
): Generator<Step, void, undefined> {
  yield { kind: 'start', dueAt: startedAt, at: startedAt, title, visibility }
  let upload: Position[] = []
  let last = startedAt
  let spanMs = pace.firstSpanMs
  const full = (): Step => {
    const positions = upload
    upload = []
    spanMs = pace.spanMs
    return { kind: 'upload', dueAt: last, positions, uploadId: newId() }
  }
  for (const entry of entries) {
    if (entry.kind !== 'position') {
      if (upload.length > 0) yield full()
      last = entry.at
      yield { kind: entry.kind, dueAt: last, at: last, commandId: newId() }
      continue
    }
    const { position } = entry
    const [first] = upload
    const isFull = upload.length === uploadPositions || (first && position.at - first.at >= spanMs)
    if (isFull) yield full()
    upload.push(position)
    last = position.at
  }
  if (upload.length > 0) yield full()
  yield endStep(last, newId)
}

export function endStep(at: number, newId: () => string): Step {
  return { kind: 'end', dueAt: at, at, commandId: newId() }
}

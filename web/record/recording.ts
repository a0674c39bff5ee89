/**
 * A ride that is recorded here, as its entries tell it: what it is, and what the server has not answered yet, in the order in
 * which it has to be sent. Pure: after a reload the same entries are the same recording.
 *
 *     RideStarted ─► ACTIVE ─RidePaused─► PAUSED          start │ upload │ upload │ pause │ resume │ upload
 *                      │  ◄─RideResumed──   │             ▲ sent, then Answered             new ones ▲
 *                      └────── RideEnded ───┴─► ENDED
 *
 * Positions are taken only while a ride is ACTIVE, so what waits is sent strictly in this order, one at a time: an upload
 * stands before the pause that followed it.
 */
import type { Entry, Refusal, TakenPosition, Visibility } from './entries.ts'

/** Something to be sent, named by the id that it keeps. */
export type Step =
  | { readonly kind: 'start'; readonly id: string }
  | {
      readonly kind: 'upload'
      /** Null until it is made: positions may still join it. */
      readonly id: string | null
      /** Index of its first position among all that were taken. */
      readonly from: number
      readonly count: number
    }
  | {
      readonly kind: 'pause' | 'resume' | 'end'
      readonly id: string
      /** Null: as the server takes it, which is now, and after all that it knows. */
      readonly at: number | null
    }

export interface Recording {
  readonly rideId: string
  readonly title: string | null
  readonly visibility: Visibility
  readonly startedAt: number
  readonly status: 'ACTIVE' | 'PAUSED' | 'ENDED'
  /** The newest time that was written down: nothing that comes may lie before it. */
  readonly lastAt: number
  /** Since when the timer runs; null while it stands still. */
  readonly activeSince: number | null
  /** Of the stretches that are over. */
  readonly timerMs: number
  readonly positionCount: number
  /** Where each stretch between pauses begins, as an index of positions. */
  readonly stretches: readonly number[]
  /** What the server has not answered, first things first. */
  readonly waiting: readonly Step[]
  readonly refused: readonly { readonly from: number; readonly count: number; readonly refusal: Refusal }[]
  /** Why nothing more is sent; null while it is. */
  readonly stopped: Refusal | null
}

/** @returns null where there is no entry. */
export function fold(entries: Iterable<Entry>): Recording | null {
  let recording: Recording | null = null
  for (const entry of entries) recording = evolve(recording, entry)
  return recording
}

export function evolve(recording: Recording | null, entry: Entry): Recording {
  if (entry.type === 'Freed') return entry.recording
  if (entry.type === 'RideStarted') {
    if (recording !== null) throw new Error('A ride starts once')
    const { rideId, title, visibility, at } = entry
    return {
      ...{ rideId, title, visibility, startedAt: at, status: 'ACTIVE', lastAt: at, activeSince: at },
      ...{ timerMs: 0, positionCount: 0, stretches: [0], refused: [], stopped: null },
      waiting: [{ kind: 'start', id: rideId }],
    }
  }
  if (recording === null) throw new Error(`${entry.type} before the ride has started`)
  switch (entry.type) {
    case 'PositionTaken':
      return {
        ...recording,
        lastAt: Math.max(recording.lastAt, entry.position.at),
        positionCount: recording.positionCount + 1,
        waiting: withPosition(recording.waiting, recording.positionCount),
      }
    case 'RidePaused':
      return withCommand(recording, 'pause', 'PAUSED', entry)
    case 'RideResumed': {
      const resumed = withCommand(recording, 'resume', 'ACTIVE', entry)
      return {
        ...resumed,
        activeSince: entry.at,
        stretches: [...recording.stretches, recording.positionCount],
      }
    }
    case 'RideEnded':
      return withCommand(recording, 'end', 'ENDED', entry)
    case 'ResumedFirst': {
      const { commandId: id, at } = entry
      const [first, ...others] = recording.waiting
      const behind = first?.kind === 'resume' ? others : recording.waiting
      const lastAt = Math.max(recording.lastAt, at)
      return { ...recording, lastAt, waiting: [{ kind: 'resume', id, at }, ...noneBefore(behind, at)] }
    }
    case 'Retimed': {
      const { commandId: id, at } = entry
      const [first, ...others] = recording.waiting
      if (first === undefined || !('at' in first)) throw new Error('What is given another time is a command')
      return { ...recording, waiting: [{ ...first, id, at }, ...noneBefore(others, at)] }
    }
    case 'UploadMade': {
      const [first, ...others] = recording.waiting
      if (first?.kind !== 'upload' || first.id !== null || first.count < entry.count) {
        throw new Error('An upload is made of the positions that wait first')
      }
      const made: Step = { ...first, id: entry.uploadId, count: entry.count }
      const count = first.count - entry.count
      const rest: Step[] =
        count === 0 ? [] : [{ kind: 'upload', id: null, from: first.from + entry.count, count }]
      return { ...recording, waiting: [made, ...rest, ...others] }
    }
    case 'Answered':
      return { ...recording, waiting: behind(recording, entry.id) }
    case 'Refused': {
      const [first] = recording.waiting
      const waiting = behind(recording, entry.id)
      if (first?.kind !== 'upload') throw new Error('Only an upload can be passed over')
      const { from, count } = first
      return {
        ...recording,
        waiting,
        refused: [...recording.refused, { from, count, refusal: entry.refusal }],
      }
    }
    case 'Stopped':
      return { ...recording, stopped: entry.refusal }
    default:
      return entry satisfies never
  }
}

/** How many positions the server has not answered, and may yet take. */
export function positionsWaiting({ waiting, stopped }: Recording): number {
  if (stopped !== null) return 0
  return waiting.reduce((sum, step) => sum + (step.kind === 'upload' ? step.count : 0), 0)
}

/** How many positions are here alone, and stay so. */
export function positionsNotTaken({ waiting, stopped, refused }: Recording): number {
  const left = refused.reduce((sum, { count }) => sum + count, 0)
  if (stopped === null) return left
  return waiting.reduce((sum, step) => sum + (step.kind === 'upload' ? step.count : 0), left)
}

/** @returns how many positions the server has, from the first: nobody needs them here. */
export function positionsHeld({ waiting, refused, positionCount }: Recording): number {
  const kept = [...waiting, ...refused].flatMap((step) => ('from' in step ? [step.from] : []))
  return Math.min(positionCount, ...kept)
}

/**
 * The positions of each stretch between pauses, as far as they are here.
 *
 * @param positionsFrom index of the first of them among all that were taken.
 */
export function stretchesOf(
  stretches: readonly number[],
  positions: readonly TakenPosition[],
  positionsFrom: number,
): readonly (readonly TakenPosition[])[] {
  const here = (index: number) => Math.max(0, index - positionsFrom)
  return stretches.map((from, index) => {
    const to = stretches[index + 1]
    return positions.slice(here(from), to === undefined ? undefined : here(to))
  })
}

/** The server has all of it: nothing has to be kept here. */
export function isSent({ status, waiting, refused, stopped }: Recording): boolean {
  return status === 'ENDED' && waiting.length === 0 && refused.length === 0 && stopped === null
}

/** @returns milliseconds that the timer has run. */
export function timerAt({ activeSince, timerMs }: Recording, nowMs: number): number {
  return timerMs + (activeSince === null ? 0 : Math.max(0, nowMs - activeSince))
}

function withPosition(waiting: readonly Step[], index: number): readonly Step[] {
  const last = waiting.at(-1)
  if (last?.kind === 'upload' && last.id === null) {
    return [...waiting.slice(0, -1), { ...last, count: last.count + 1 }]
  }
  return [...waiting, { kind: 'upload', id: null, from: index, count: 1 }]
}

function withCommand(
  recording: Recording,
  kind: 'pause' | 'resume' | 'end',
  status: Recording['status'],
  { commandId, at }: { readonly commandId: string; readonly at: number },
): Recording {
  return {
    ...recording,
    status,
    lastAt: at,
    activeSince: null,
    timerMs: timerAt(recording, at),
    waiting: [...recording.waiting, { kind, id: commandId, at }],
  }
}

/** None that follows may lie before it. */
function noneBefore(steps: readonly Step[], at: number | null): readonly Step[] {
  if (at === null) return steps
  return steps.map((step) =>
    'at' in step && step.at !== null ? { ...step, at: Math.max(step.at, at) } : step,
  )
}

function behind({ waiting }: Recording, id: string): readonly Step[] {
  const [first, ...others] = waiting
  if (first?.id !== id) throw new Error('What is answered is what was sent: the first that waits')
  return others
}

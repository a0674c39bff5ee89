/**
 * A ride: its state, what may be asked of it (`decide`), and how what happened changes it (`evolve`). Pure:
 * time and identity come in as arguments.
 *
 *                    recordPositions, editRide, shareRide, unshareRide, maskRide (the system)
 *                          ┌───┐
 *   NOT_STARTED ─start─► ACTIVE ─pause─► PAUSED
 *                          │  ◄─resume──  │
 *                          └──end──┬──end─┘
 *                                ENDED ─finish (the system)─► FINISHED
 *
 * editRide and those beside it are legal in all of these but NOT_STARTED, and
 * so is deleteRide, behind which nothing comes (DELETED).
 */
import type { RideChanges, RideEvent, RideProgress, RideStatus, Visibility } from './events.ts'
import type { Mask } from './mask.ts'
import type { Position } from './position.ts'
import { runningWith } from './progress.ts'
import { knownNumbers, progressOf, type RunningNumbers, runningFrom } from './running-numbers.ts'
import { mostShares, type RideShare, sharesAfter } from './shares.ts'
import { runningEnded, runningResumed, runningStopped } from './stretches.ts'

export type RideState =
  | { readonly status: 'NOT_STARTED' }
  /** Nothing is kept of it. */
  | { readonly status: 'DELETED' }
  | StartedRide

interface StartedRide {
  readonly status: RideStatus
  readonly riderId: string
  readonly startedAt: number
  /** The `at` of the last command that moved the ride from one status to another. */
  readonly commandAt: number
  readonly running: RunningNumbers
  /** Share links, those that have expired since the last change among them. */
  readonly shares?: readonly RideShare[] | undefined
  /** By which of the rider's zones it is masked; left out where he never had one. */
  readonly maskVersion?: number
  /** Others may know of an end in a zone. */
  readonly isEndKnown?: true
}

export const notStarted: RideState = { status: 'NOT_STARTED' }

export type RideCommand =
  | {
      readonly type: 'startRide'
      readonly startedAt: number | null
      readonly title: string | null
      readonly visibility: Visibility
      /** Left out where the rider never had a zone; without its base, which is decided. */
      readonly mask?: Mask
    }
  | { readonly type: 'recordPositions'; readonly positions: readonly Position[] }
  /**
   * `at` is null where it was left out: then it is now, or,
   * where the system asks, when the ride was last heard of.
   */
  | { readonly type: 'pauseRide' | 'resumeRide' | 'endRide' | 'deleteRide'; readonly at: number | null }
  | { readonly type: 'editRide'; readonly changes: RideChanges }
  | { readonly type: 'shareRide'; readonly share: RideShare }
  | { readonly type: 'unshareRide'; readonly shareId: string }
  /** The system's own: the rider's zones are others than they were, or others may learn of the ride's end. */
  | { readonly type: 'maskRide'; readonly mask: Mask; readonly isEndKnown: boolean }
  /** The system's own: it has built the route. */
  | { readonly type: 'finishRide'; readonly progress: RideProgress | null }

/** Who asks, and when it is. The system acts for no rider. */
export interface Circumstances {
  readonly actor: { readonly riderId: string } | 'system'
  /** Milliseconds since 1970. */
  readonly now: number
}

export type RideRefusal =
  | { readonly code: 'RIDE_NOT_FOUND' }
  | { readonly code: 'ID_TAKEN' }
  | { readonly code: 'RIDE_NOT_ACTIVE'; readonly status: RideStatus }
  | { readonly code: 'INVALID_TRANSITION'; readonly status: RideStatus; readonly message: string }
  | { readonly code: 'INVALID_INPUT'; readonly path: readonly string[]; readonly message: string }

export type RideDecision =
  | { readonly accepted: true; readonly event: RideEvent }
  | { readonly accepted: false; readonly refusal: RideRefusal }

/** A clock may run ahead of ours by this much before its times are refused. */
export const clockAheadMs = 24 * 3_600_000

export function decide(command: RideCommand, state: RideState, { actor, now }: Circumstances): RideDecision {
  if (command.type === 'startRide') {
    if (state.status !== 'NOT_STARTED') return refuse({ code: 'ID_TAKEN' })
    if (actor === 'system') return refuse({ code: 'RIDE_NOT_FOUND' })
    // To the second: a device that counts whole seconds sends its first position in the same one.
    const at = command.startedAt ?? Math.floor(now / 1000) * 1000
    if (at > now + clockAheadMs) return tooFarAhead(['startedAt'])
    const { title, visibility, mask } = command
    const { riderId } = actor
    // Nobody has seen anything of it that others' version would have to go on from.
    const masked = mask && { mask: { ...mask, base: 0 } }
    return accept({ type: 'RideStarted', at, riderId, title, visibility, ...masked })
  }
  if (state.status === 'NOT_STARTED' || state.status === 'DELETED') return refuse({ code: 'RIDE_NOT_FOUND' })
  if (actor !== 'system' && actor.riderId !== state.riderId) return refuse({ code: 'RIDE_NOT_FOUND' })
  switch (command.type) {
    case 'recordPositions': {
      if (state.status !== 'ACTIVE') return refuse({ code: 'RIDE_NOT_ACTIVE', status: state.status })
      let newest = Number.NEGATIVE_INFINITY
      for (const [index, { at }] of command.positions.entries()) {
        if (at < state.startedAt) {
          const message = `A position is from before the ride's start. Leave it out, or start the ride earlier.`
          return refuse({ code: 'INVALID_INPUT', path: ['positions', String(index), 'at'], message })
        }
        if (at > now + clockAheadMs) return tooFarAhead(['positions', String(index), 'at'])
        if (at > newest) newest = at
      }
      const progress = progressOf(runningWith(state.running, command.positions))
      return accept({ type: 'RidePositionsRecorded', at: newest, positions: command.positions, progress })
    }
    case 'pauseRide':
    case 'resumeRide':
    case 'endRide':
    case 'deleteRide': {
      const whyNot = command.type === 'deleteRide' ? undefined : faultOf(command.type, state.status)
      if (whyNot !== undefined) {
        return refuse({ code: 'INVALID_TRANSITION', status: state.status, message: whyNot })
      }
      const at = command.at ?? (actor === 'system' ? lastHeardOf(state) : Math.max(now, state.commandAt))
      if (at < state.commandAt) {
        const message = `'at' lies before the ride's last start, pause or resume. Send commands in the order of their times.`
        return refuse({ code: 'INVALID_INPUT', path: ['at'], message })
      }
      if (at > now + clockAheadMs) return tooFarAhead(['at'])
      if (command.type === 'deleteRide') return accept({ type: 'RideDeleted', at, status: state.status })
      if (command.type === 'resumeRide') {
        return accept({ type: 'RideResumed', at, progress: progressOf(state.running) })
      }
      // Paused or ended, the numbers are the same.
      const progress = progressOf(runningEnded(state.running, at))
      return accept({ type: command.type === 'pauseRide' ? 'RidePaused' : 'RideEnded', at, progress })
    }
    case 'editRide':
      return accept({ type: 'RideEdited', at: now, changes: command.changes, status: state.status })
    case 'shareRide': {
      const { share } = command
      if (share.expiresAt !== null && share.expiresAt <= now) {
        const message = 'A link that has expired already shows nothing. Send a time to come, or none.'
        return refuse({ code: 'INVALID_INPUT', path: ['expiresAt'], message })
      }
      if (sharesAfter(state.shares ?? [], { share }, now).length > mostShares) {
        const message = `A ride has at most ${mostShares} share links at a time. Take one back with unshareRide.`
        return refuse({ code: 'INVALID_INPUT', path: ['rideId'], message })
      }
      return accept({ type: 'RideEdited', at: now, changes: { share }, status: state.status })
    }
    case 'unshareRide': {
      const { shareId } = command
      if (!state.shares?.some(({ id }) => id === shareId)) {
        const message = 'The ride has no such share link, or it has expired or was taken back already.'
        return refuse({ code: 'INVALID_INPUT', path: ['shareId'], message })
      }
      return accept({ type: 'RideEdited', at: now, changes: { unshare: shareId }, status: state.status })
    }
    case 'maskRide': {
      const { mask, isEndKnown } = command
      const { maskVersion = 0 } = state
      // Whoever masks it may have read the zones before somebody changed them: what was said of newer ones stands.
      if (mask.version < maskVersion || (mask.version === maskVersion && (!isEndKnown || state.isEndKnown))) {
        const message = 'The ride is masked by these zones, or newer ones, already.'
        return refuse({ code: 'INVALID_TRANSITION', status: state.status, message })
      }
      return accept({ type: 'RideMasked', at: now, mask, isEndKnown, status: state.status })
    }
    case 'finishRide': {
      if (state.status !== 'ENDED') {
        const isFinished = state.status === 'FINISHED'
        const message = isFinished ? 'The ride is finished already.' : 'The ride goes on. End it first.'
        return refuse({ code: 'INVALID_TRANSITION', status: state.status, message })
      }
      return accept({ type: 'RideFinished', at: now, progress: command.progress })
    }
    default:
      return command satisfies never
  }
}

/**
 * The state after an event. `fold(evolve)` over a ride's
 * events is its state; the log keeps it beside the stream.
 */
export function evolve(state: RideState, event: RideEvent): RideState {
  if (event.type === 'RideStarted') {
    const { riderId, at, mask } = event
    const begun = { riderId, startedAt: at, commandAt: at, running: runningFrom(at) }
    return { status: 'ACTIVE', ...begun, ...(mask && { maskVersion: mask.version }) }
  }
  if (event.type === 'RideDeleted') return { status: 'DELETED' }
  if (state.status === 'NOT_STARTED' || state.status === 'DELETED') {
    throw new Error(`${event.type} of a ride that is ${state.status}`)
  }
  if (event.type === 'RidePositionsRecorded') {
    return { ...state, running: knownNumbers(runningWith(state.running, event.positions)) }
  }
  const running = knownNumbers(state.running)
  switch (event.type) {
    case 'RidePaused':
      return {
        ...state,
        status: 'PAUSED',
        commandAt: event.at,
        running: runningStopped(running, event.at),
      }
    case 'RideResumed':
      return {
        ...state,
        status: 'ACTIVE',
        commandAt: event.at,
        running: runningResumed(running, event.at),
      }
    case 'RideEnded':
      return {
        ...state,
        status: 'ENDED',
        commandAt: event.at,
        running: runningEnded(running, event.at),
      }
    case 'RideFinished':
      return { ...state, status: 'FINISHED', running }
    case 'RideEdited': {
      const { share, unshare } = event.changes
      if (share === undefined && unshare === undefined) return { ...state, running }
      return { ...state, running, shares: sharesAfter(state.shares ?? [], event.changes, event.at) }
    }
    case 'RideMasked': {
      const isEndKnown = event.isEndKnown || state.isEndKnown
      return { ...state, running, maskVersion: event.mask.version, ...(isEndKnown && { isEndKnown }) }
    }
    default:
      return event satisfies never
  }
}

/** By the device's clock, which may be years from ours where a recording is replayed. */
function lastHeardOf({ commandAt, running }: StartedRide): number {
  return Math.max(commandAt, running.lastAt ?? commandAt)
}

/**
 * The refusal of a ride that is not there, or not for the
 * actor to know of: it must read the same in every case.
 */
export function isHiding(refusal: RideRefusal): boolean {
  return refusal.code === 'RIDE_NOT_FOUND'
}

/** Why the ride cannot come to that status from this one, and what to do; undefined where it can. */
function faultOf(command: 'pauseRide' | 'resumeRide' | 'endRide', status: RideStatus): string | undefined {
  const isOver = status === 'ENDED' || status === 'FINISHED'
  if (command === 'endRide') return isOver ? 'The ride has ended already: nothing is left to do.' : undefined
  if (isOver) return 'The ride has ended, and cannot go on. Start a new one with startRide.'
  if (command === 'pauseRide' && status === 'PAUSED')
    return 'The ride is paused already. Resume it with resumeRide when the rider goes on.'
  if (command === 'resumeRide' && status === 'ACTIVE')
    return 'The ride is not paused. Go on sending positions with recordPositions.'
  return undefined
}

function accept(event: RideEvent): RideDecision {
  return { accepted: true, event }
}

function refuse(refusal: RideRefusal): RideDecision {
  return { accepted: false, refusal }
}

function tooFarAhead(path: readonly string[]): RideDecision {
  const message = 'The time is more than 24 hours ahead of the server. Set the clock of the device.'
  return refuse({ code: 'INVALID_INPUT', path, message })
}

/**
 * The rides in progress, as `liveRides` tells them: a snapshot that replaces all, then what changed and what left.
 *
 * Pure. The newest version of a ride wins, so that an answer that comes late changes nothing, and an entry that says the same
 * stays the same object: whoever shows it has nothing to do.
 */
import type { LiveRide, LiveRidesChange } from './documents.ts'
import { foldText } from './fold-text.ts'
import { type LiveStatus, liveStatus, type Now, type Told } from './staleness.ts'

export interface LiveEntry extends Told {
  status: LiveStatus
  startedMs: number
  /** What a search looks in. */
  folded: string
}

export type LiveBoard = ReadonlyMap<string, LiveEntry>

export interface Applied {
  board: LiveBoard
  /** Entries of rides that are no longer on it, as they were. */
  left: LiveEntry[]
  /** Who is on it, or how a list would order, find or count them, is no longer the same. */
  isListChanged: boolean
}

export function applyLiveRides(board: LiveBoard, change: LiveRidesChange, now: Now): Applied {
  const next = new Map(change.snapshot ? [] : board)
  let isListChanged = false
  for (const ride of change.rides) {
    const known = board.get(ride.rideId)
    if (known !== undefined && known.ride.version >= ride.version) {
      next.set(ride.rideId, known)
      continue
    }
    const entry = entryOf(ride, change.snapshot ? null : now.steadyMs, now, known)
    isListChanged ||= known === undefined || isListedElsewise(known, entry)
    next.set(ride.rideId, entry)
  }
  for (const rideId of change.removed) next.delete(rideId)
  const left = [...board.values()].filter(({ ride }) => !next.has(ride.rideId))
  return { board: next, left, isListChanged: isListChanged || left.length > 0 }
}

/** Time has passed: rides become stale. The same board where none did. */
export function judgeBoard(board: LiveBoard, now: Now): LiveBoard {
  let judged: Map<string, LiveEntry> | null = null
  for (const [rideId, entry] of board) {
    const status = liveStatus(entry, now)
    if (status === entry.status) continue
    judged ??= new Map(board)
    judged.set(rideId, { ...entry, status })
  }
  return judged ?? board
}

/** The page's steady clock stood still: from now on what was told is dated by the server's. */
export function datedByServer(board: LiveBoard, now: Now): LiveBoard {
  const dated = [...board].map(([rideId, entry]): [string, LiveEntry] => {
    const told: Told = { ...entry, arrivedMs: null }
    return [rideId, { ...entry, arrivedMs: null, status: liveStatus(told, now) }]
  })
  return new Map(dated)
}

function entryOf(
  ride: LiveRide,
  arrivedMs: number | null,
  now: Now,
  known: LiveEntry | undefined,
): LiveEntry {
  const told: Told =
    known !== undefined && isRiddenAlike(known.ride, ride)
      ? { ride, arrivedMs: known.arrivedMs, updatedMs: known.updatedMs }
      : { ride, arrivedMs, updatedMs: Date.parse(ride.updatedAt) }
  const isNamedAlike = known?.ride.title === ride.title && known.ride.rider.name === ride.rider.name
  return {
    ...told,
    status: liveStatus(told, now),
    startedMs: known?.ride.startedAt === ride.startedAt ? known.startedMs : Date.parse(ride.startedAt),
    folded: known !== undefined && isNamedAlike ? known.folded : foldText(`${ride.title} ${ride.rider.name}`),
  }
}

/** Another title or share link is news of the ride, and none from who rides it. */
function isRiddenAlike(before: LiveRide, after: LiveRide): boolean {
  const { status, position, progress } = before
  return (
    JSON.stringify([status, position, progress]) ===
    JSON.stringify([after.status, after.position, after.progress])
  )
}

function isListedElsewise(before: LiveEntry, after: LiveEntry): boolean {
  return (
    before.status !== after.status ||
    before.folded !== after.folded ||
    before.startedMs !== after.startedMs ||
    before.ride.title !== after.ride.title
  )
}

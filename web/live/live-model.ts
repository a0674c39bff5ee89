/**
 * The state behind the live page: the board, when it was told, the trails, and what became of rides that left.
 *
 * A thousand rides change four times a second each. What is told is gathered until the next frame and applied at once; a list
 * reads the revision that says whether it changed, a row and the map read the entries themselves. It outlives the page, so that coming back shows at
 * once what was there.
 */
import type { Server } from '../graphql/client.ts'
import { subscribe } from '../graphql/subscribe.ts'
import { type Cell, createCell } from '../state/cell.ts'
import { onLook } from '../state/looks.ts'
import { type LiveRidesChange, liveRidesSubscription } from './documents.ts'
import { createLatestRides, type LatestRides } from './latest-rides.ts'
import { applyLiveRides, datedByServer, judgeBoard, type LiveBoard, type LiveEntry } from './live-board.ts'
import { createNextFrame } from './next-frame.ts'
import { createServerClock, readServerClock } from './server-clock.ts'
import { createSleepWatch } from './sleep.ts'
import type { Now } from './staleness.ts'
import { createTrailFeeds, type TrailFeeds } from './trail-feeds.ts'
import { areAllTrailsWanted, trailsWanted } from './trails-wanted.ts'

/** `old page`: it asks for what the server does not have any more. */
export type Refusal = 'may not' | 'old page'

export interface LiveModel {
  /** Replaced at most once a frame. Null until the first snapshot. */
  readonly board: Cell<LiveBoard | null>
  /** Why the server does not show them; null where it does. */
  readonly refusal: Cell<Refusal | null>
  /** Changes when there are other rides, or one of them has another status or name. */
  readonly listRevision: Cell<number>
  /** Changes every second while somebody looks: the ages of what is shown go on. */
  readonly beat: Cell<number>
  readonly latest: LatestRides
  readonly trails: TrailFeeds
  now(): Now
  /** As it was when it left the board; undefined: it did not, while somebody looked. */
  departed(rideId: string): LiveEntry | undefined
  /** Its whole trail is wanted, however many there are. */
  choose(rideId: string | null): void
  /** Loads and follows until the returned function is called. */
  open(): () => void
}

const beatMs = 1_000
/** Enough for the rows that are in sight. */
const mostDeparted = 100

export function createLiveModel(server: Server): LiveModel {
  const board = createCell<LiveBoard | null>(null)
  const refusal = createCell<Refusal | null>(null)
  const listRevision = createCell(0)
  const beat = createCell(0)
  const clock = createServerClock()
  const sleep = createSleepWatch(performance.now(), Date.now())
  const latest = createLatestRides(server)
  const trails = createTrailFeeds(server, (rideId) => board.get()?.get(rideId)?.ride.version ?? 0)
  const departed = new Map<string, LiveEntry>()
  const frame = createNextFrame(applyTold)
  let told: { change: LiveRidesChange; steadyMs: number }[] = []
  let chosen: string | null = null
  let areAllTrails = true
  let isOpen = false

  function nowAt(steadyMs: number): Now {
    return { steadyMs, serverMs: clock.at(steadyMs) }
  }
  const now = () => nowAt(performance.now())

  function applyTold(): void {
    const changes = told
    told = []
    let applied = board.get() ?? new Map()
    let isListChanged = board.get() === null
    for (const { change, steadyMs } of changes) {
      if (change.snapshot) clock.happened(newestOf(change), steadyMs)
      const outcome = applyLiveRides(applied, change, nowAt(steadyMs))
      applied = outcome.board
      isListChanged ||= outcome.isListChanged
      for (const entry of outcome.left) depart(entry)
    }
    board.set(applied)
    followTrails()
    if (isListChanged) listRevision.set(listRevision.get() + 1)
  }

  function depart(entry: LiveEntry): void {
    const { rideId } = entry.ride
    departed.delete(rideId)
    departed.set(rideId, entry)
    if (departed.size > mostDeparted) departed.delete(departed.keys().next().value ?? rideId)
    // Also where it comes back in the same moment: then it may be shown to others otherwise than before.
    trails.forget(rideId)
    latest.left(rideId)
  }

  function followTrails(): void {
    const shown = board.get()
    if (!isOpen || shown === null) {
      trails.want(new Set())
      return
    }
    areAllTrails = areAllTrailsWanted(shown.size, areAllTrails)
    trails.want(trailsWanted(shown, chosen, areAllTrails))
  }

  /** @returns whether the machine slept. */
  function judge(): boolean {
    const sleptMs = sleep.sleptMs(performance.now(), Date.now())
    clock.stoodStill(sleptMs)
    const before = board.get()
    if (before !== null) {
      const judged = sleptMs > 0 ? datedByServer(before, now()) : judgeBoard(before, now())
      board.set(judged)
      if (judged !== before) listRevision.set(listRevision.get() + 1)
    }
    beat.set(beat.get() + 1)
    return sleptMs > 0
  }

  function open(): () => void {
    const closing = new AbortController()
    const readClock = () => void readServerClock(clock, closing.signal).then(judge)
    // Whoever opens the lid sees at once who was not heard of; then the server says what time it is.
    const look = () => {
      judge()
      readClock()
    }
    isOpen = true
    const endLive = subscribe(
      server.socket.client,
      liveRidesSubscription,
      {},
      {
        next({ liveRides }) {
          refusal.set(null)
          told.push({ change: liveRides, steadyMs: performance.now() })
          frame.ask()
        },
        refused({ code }) {
          refusal.set(code === 'FORBIDDEN' || code === 'UNAUTHENTICATED' ? 'may not' : 'old page')
          // What was shown before is not to be seen any more.
          told.push({ change: { snapshot: true, rides: [], removed: [] }, steadyMs: performance.now() })
          frame.ask()
        },
      },
    )
    const { status } = server.socket.connection
    const endConnection = status.subscribe(() => {
      if (status.get() === 'connected') readClock()
    })
    const endLooks = onLook(look)
    const endLatest = latest.open()
    const timer = setInterval(() => {
      if (judge()) readClock()
    }, beatMs)
    readClock()
    followTrails()
    return () => {
      isOpen = false
      closing.abort()
      clearInterval(timer)
      frame.cancel()
      told = []
      trails.want(new Set())
      endLive()
      endConnection()
      endLooks()
      endLatest()
    }
  }

  return {
    board,
    refusal,
    listRevision,
    beat,
    latest,
    trails,
    now,
    departed: (rideId) => departed.get(rideId),
    choose(rideId) {
      chosen = rideId
      followTrails()
    },
    open,
  }
}

/** When the ride was told of that was told of last; -Infinity of none. */
function newestOf({ rides }: LiveRidesChange): number {
  return rides.reduce(
    (newest, { updatedAt }) => Math.max(newest, Date.parse(updatedAt)),
    Number.NEGATIVE_INFINITY,
  )
}

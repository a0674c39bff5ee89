/**
 * The life of the process: it opens its rooms, opens them anew where what they know is of a log that is gone, and closes
 * them when it is asked to stop.
 *
 *   opening ──► open ── asked to stop ──► draining ──► closing ──► exit 0
 *      │         │                           └── asked again ──┴── longer than 10 s ──► exit 1, with what was not done
 *      │         └───── the log is another one ──► closing ──► opening, as often as the database is away
 *      └── cannot ──► closing ──► exit 1, with the reason
 *
 * It closes from the front: first no more is taken on and what is under way is answered, while all that this needs still works;
 * then what goes on in the background comes to its end, and then the rooms are closed in reverse.
 */
import { whenAskedToStop } from '#asked-to-stop.ts'
import { backoffMs } from '#database/backoff.ts'
import { isAway } from '#database/faults.ts'
import { pause } from '#log/hint.ts'
import { giveUp, say } from '#terminal.ts'

export interface Opening {
  /** Aborts when what goes on in the background is to stop. */
  readonly signal: AbortSignal
  /** What stands in front of all rooms and is closed before any of them stops. */
  readonly front: AsyncDisposableStack
  /** What was opened, to be closed in reverse. */
  readonly rooms: AsyncDisposableStack
  /** Whether the process was asked to stop: nobody shall send it anything new. */
  isLeaving(): boolean
  /** Names what closing waits for, should it take too long. */
  during<T>(what: string, work: Promise<T>): Promise<T>
  /**
   * Closes everything and opens it again, so that nothing is left in mind of a log that is gone: states that commands are decided
   * on, how far the log was read, what subscribers wait for. They come again, and are told that their cursors are unknown. One that
   * drains drains no longer, and is closed.
   */
  openAnew(why: string): void
}

export interface LifetimeOptions {
  readonly open: (opening: Opening) => Promise<void>
  /** How long all is served as before, and said to be not ready, before anything is closed: who only looks now and then finds out. */
  readonly drainMs: number
  /** For the terminal: why it could not be opened, and what to do. */
  readonly reasonOf: (error: unknown) => string
  readonly onFault: (what: string, error?: unknown) => void
}

const waits = { firstMs: 100, longestMs: 5_000 }
/** Who looks after processes kills them after 10 s (Docker) or 30 (Kubernetes), and then nothing is said. */
const closingTimeMs = 10_000

/** Resolves when it is open. */
export async function live({ open, drainMs, reasonOf, onFault }: LifetimeOptions): Promise<void> {
  let stopping = new AbortController()
  let front = new AsyncDisposableStack()
  let rooms = new AsyncDisposableStack()
  let underWay: Promise<unknown> = Promise.resolve()
  let isOpen = false
  let isLeaving = false
  const drained = new AbortController()
  let closing: Promise<void> | undefined
  const waitedFor = new Set<string>()

  // A promise that failed and that nobody waits for: whoever made it has gone on without it, and so can all others.
  process.on('unhandledRejection', (error) => onFault('Something failed that nobody waited for', error))
  whenAskedToStop(['SIGINT', 'SIGTERM'], {
    stop: (signal) => leave(signal),
    leave: () => giveUp('Asked again: it leaves at once. The database rolls back what was not committed.'),
  })
  await openOr((error) => giveUp(reasonOf(error)))

  /** Where it cannot be opened, what was opened is closed, unless it is closing already. */
  async function openOr(refuse: (error: unknown) => void | Promise<void>): Promise<void> {
    const { signal } = stopping
    try {
      underWay = open({ signal, front, rooms, isLeaving: () => isLeaving, during, openAnew })
      await underWay
      isOpen = true
    } catch (error) {
      if (isLeaving || signal.aborted) return
      await close()
      if (isLeaving) return
      await refuse(error)
    }
  }

  async function during<T>(what: string, work: Promise<T>): Promise<T> {
    waitedFor.add(what)
    return work.finally(() => waitedFor.delete(what))
  }

  /** What is known is of a log that is gone, or not enough: all stops at once. */
  async function close(): Promise<void> {
    isOpen = false
    stopping.abort()
    await closeRooms().catch((error: unknown) => onFault('Stopping was not clean', error))
    closing = undefined
    stopping = new AbortController()
    front = new AsyncDisposableStack()
    rooms = new AsyncDisposableStack()
  }

  /** Once: who comes while they are being closed waits for that, for a stack says that it is disposed of before it is. */
  function closeRooms(): Promise<void> {
    closing ??= frontThenRooms()
    return closing
  }

  async function frontThenRooms(): Promise<void> {
    try {
      await front.disposeAsync()
    } finally {
      stopping.abort()
      await rooms.disposeAsync()
    }
  }

  function openAnew(why: string): void {
    if (stopping.signal.aborted || drained.signal.aborted) return
    if (isLeaving) {
      onFault(`${why}. Everything is closed`)
      drained.abort()
      return
    }
    onFault(`${why}. Everything is closed and opened again`)
    stopping.abort()
    // What is still being opened would be left open, were it closed before it is there.
    void Promise.allSettled([underWay])
      .then(close)
      .then(() => openAgain(1))
  }

  async function openAgain(attempt: number): Promise<void> {
    if (isLeaving) return
    await openOr(async (error) => {
      // It went away once more: it is waited for, as it is by a process that is open.
      if (!isAway(error)) giveUp(reasonOf(error))
      await pause(backoffMs(attempt, waits, Math.random), stopping.signal)
      await openAgain(attempt + 1)
    })
  }

  function leave(signal: NodeJS.Signals): void {
    isLeaving = true
    const asked = performance.now()
    const drain = isOpen && drainMs > 0 ? `all is served as before for ${drainMs / 1_000} s, then ` : ''
    say(`\n${signal}: stopping; ${drain}what is under way comes to its end. Asked again, it leaves at once.`)
    leaving().then(
      () => {
        say(`Stopped, ${((performance.now() - asked) / 1_000).toFixed(1)} s after it was asked to.`)
        process.exit(0)
      },
      (error: unknown) => giveUp(reasonOf(error)),
    )
  }

  async function leaving(): Promise<void> {
    if (isOpen) await pause(drainMs, drained.signal)
    drained.abort()
    setTimeout(leaveUndone, closingTimeMs)
    await closeRooms()
  }

  function leaveUndone(): void {
    const undone = [...waitedFor].join(', ') || 'the rest'
    onFault(
      `Stopping took more than ${closingTimeMs / 1_000} s and was given up. Not done: ${undone}. The database rolls back what was not committed`,
    )
    process.exit(1)
  }
}

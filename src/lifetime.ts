/**
 * The life of the process: it opens its rooms, opens them anew where what they know is of a log that is gone, and closes
 * them when it is asked to stop.
 *
 *   opening ──► open ── asked to stop ───────────────► closing ──► exit 0
 *      │         └───── the log is another one ──► closing ──► opening, as often as the database is away
 *      └── cannot ──► closing ──► exit 1, with the reason
 */
import { backoffMs } from '#database/backoff.ts'
import { isAway } from '#database/faults.ts'
import { pause } from '#log/hint.ts'
import { giveUp, say } from '#terminal.ts'

export interface Opening {
  /** Aborts when everything is to stop. */
  readonly signal: AbortSignal
  /** What was opened, to be closed in reverse. */
  readonly rooms: AsyncDisposableStack
  /**
   * Closes everything and opens it again, so that nothing is left in mind of a log that is gone: states that commands are decided
   * on, how far the log was read, what subscribers wait for. They come again, and are told that their cursors are unknown.
   */
  openAnew(why: string): void
}

export interface LifetimeOptions {
  readonly open: (opening: Opening) => Promise<void>
  /** For the terminal: why it could not be opened, and what to do. */
  readonly reasonOf: (error: unknown) => string
  readonly onFault: (what: string, error?: unknown) => void
}

const waits = { firstMs: 100, longestMs: 5_000 }

/** Resolves when it is open. */
export async function live({ open, reasonOf, onFault }: LifetimeOptions): Promise<void> {
  let stopping = new AbortController()
  let rooms = new AsyncDisposableStack()
  let isLeaving = false

  // A promise that failed and that nobody waits for: whoever made it has gone on without it, and so can all others.
  process.on('unhandledRejection', (error) => onFault('Something failed that nobody waited for', error))
  process.on('SIGINT', leave)
  process.on('SIGTERM', leave)
  await openOr((error) => giveUp(reasonOf(error)))

  /** Where it cannot be opened, what was opened is closed, unless it is closing already. */
  async function openOr(refuse: (error: unknown) => void | Promise<void>): Promise<void> {
    try {
      await open({ signal: stopping.signal, rooms, openAnew })
    } catch (error) {
      if (isLeaving) return
      await close()
      await refuse(error)
    }
  }

  async function close(): Promise<void> {
    stopping.abort()
    await rooms.disposeAsync().catch((error: unknown) => onFault('Stopping was not clean', error))
    stopping = new AbortController()
    rooms = new AsyncDisposableStack()
  }

  function openAnew(why: string): void {
    if (stopping.signal.aborted) return
    onFault(`${why}. Everything is closed and opened again`)
    void close().then(() => openAgain(1))
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

  /** Stops; asked twice, leaves at once. */
  function leave(): void {
    if (isLeaving) process.exit(1)
    isLeaving = true
    say('\nStopping …')
    stopping.abort()
    rooms.disposeAsync().then(
      () => process.exit(0),
      (error: unknown) => giveUp(reasonOf(error)),
    )
  }
}

/**
 * The database's clock, as a process knows it. All processes go by it, so that one whose own is wrong makes nobody's ride end, no
 * key expire and no webhook look old.
 *
 *   asked ──► counts on by a clock that nobody sets ── some seconds later, or the machine's clock jumps ──► asked anew
 *                                                     └── no answer: goes on counting
 */
import { type Queryable, sql } from '@databases/pg'

export interface Clock extends Disposable {
  /** Milliseconds since 1970. */
  now(): number
  /** By the machine's clock or the database's, whichever is behind: for what cannot be undone and may as well come late. */
  earliest(): number
}

export interface ClockOptions {
  /** Milliseconds since 1970, by the database. */
  readonly ask: () => Promise<number>
  /** The machine's clock: it may be wrong, and may be set. */
  readonly machine?: () => number
  /** Milliseconds that only go on; they may stand still while the machine sleeps. */
  readonly monotonic?: () => number
  /** Once each time that the machine's clock is found to be off, by so much more than the database's (or less: negative). */
  readonly onOff: (aheadMs: number) => void
}

const askEveryMs = 10_000
/** More than an answer takes. A jump is a clock that was set, or a machine that slept: the database knows which. */
const jumpMs = 2_000
/** What people notice. */
export const offMs = 5_000
/** An answer is wrong by up to half of what it took: under load the question may have waited seconds for a connection. */
const quickMs = 200

interface Known {
  readonly time: number
  /** When that was, by the other two. */
  readonly at: number
  readonly machine: number
}

/** Resolves when it was asked for the first time. */
export async function openClock(options: ClockOptions): Promise<Clock> {
  const { ask, onOff, machine = Date.now, monotonic = () => performance.now() } = options
  let known: Known = await look()
  let isOff = false
  let isAsking = false
  judge()
  const timer = setInterval(again, askEveryMs)
  timer.unref()

  async function look(before?: Known): Promise<Known> {
    const begun = monotonic()
    const answer = await ask()
    const at = monotonic()
    const tookMs = at - begun
    // The database looked at its clock somewhere between. Of a slow answer the middle may be seconds off, and what was counted is not:
    // that stays as far as the answer allows, however old, and only a clock that was set, or a machine that slept, goes beyond it.
    const time =
      before === undefined || tookMs <= quickMs
        ? answer + tookMs / 2
        : Math.min(Math.max(before.time + at - before.at, answer), answer + tookMs)
    return { time, at, machine: machine() }
  }

  function again(): void {
    if (isAsking) return
    isAsking = true
    void look(known)
      .then(
        (found) => {
          known = found
          judge()
        },
        () => undefined,
      )
      .finally(() => {
        isAsking = false
      })
  }

  function judge(): void {
    const aheadMs = known.machine - known.time
    const wasOff = isOff
    isOff = Math.abs(aheadMs) > offMs
    if (isOff && !wasOff) onOff(aheadMs)
  }

  function now(): number {
    const passed = monotonic() - known.at
    if (Math.abs(machine() - known.machine - passed) > jumpMs) again()
    return Math.round(known.time + passed)
  }

  return {
    now,
    earliest: () => Math.min(now(), machine()),
    [Symbol.dispose]: () => clearInterval(timer),
  }
}

/** Milliseconds since 1970. */
export async function databaseTime(database: Queryable): Promise<number> {
  const [row] = await database.query(sql`
    select (extract(epoch from clock_timestamp()) * 1000)::float8 as time`)
  return row.time
}

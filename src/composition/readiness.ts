/**
 * Whether this process can do its work: what `/readyz` answers, within a second whatever the database does.
 *
 * Of an API the database alone decides. All APIs read the same tables: were each unready while these are behind the log, all would
 * be taken out at once, and nothing could be recorded because something is shown late. It says how late. A worker is unready
 * while its own work does not move, so that an update that brings it to a stand goes no further; one that works off what has piled
 * up is ready.
 *
 * Whoever hands on requests asks another question: `/readyz?for=traffic`, whether to send it any. The same holds of the database as
 * of the tables: it is away for all APIs at once, and were all taken out, clients would find nobody where each API says at once
 * what to do (`OVERLOADED`, and when to come again) and still serves pages and open feeds. One that cannot reach the database at its
 * start gets none all the same: it does not listen before it is open, which needs the database.
 */
import type { PartitionStatus, ProjectionStatus } from '#projections/administration.ts'

export interface Readiness {
  readonly isReady: boolean
  /** For people. */
  readonly sentence: string
}

/** Whether it can do its work, or whether to send it requests. */
export type ReadyFor = 'work' | 'traffic'

export interface ReadinessOptions {
  readonly role: 'all' | 'api' | 'worker'
  /** Whether it has begun to work. */
  readonly isOpen: () => boolean
  readonly isLeaving: () => boolean
  /** Whether the database is known to be away. */
  readonly isAway: () => boolean
  /** Whether the database's disk is full: it is read as ever. */
  readonly isFull: () => boolean
  readonly status: () => Promise<readonly ProjectionStatus[]>
  /** The database's time, in milliseconds since 1970: how far behind it is. It may be set back, as with another primary. */
  readonly now: () => number
  /** Milliseconds since any moment, never set back: how long ago something was here. */
  readonly ticks: () => number
}

/** However often it is asked. */
const askEveryMs = 1_000
/** Then the last answer is given once more: the database may have much to do. */
const patienceMs = 750
/** As long as a command waits for the database. */
const answerWithinMs = 5_000
/** A batch that hangs is ended by the database within 40 s (a statement 30, a silent transaction 10), and then done by another. */
const standstillMs = 60_000
/** Below that an API does not mention it. */
const mentionedMs = 10_000

export function openReadiness(options: ReadinessOptions): (what?: ReadyFor) => Promise<Readiness> {
  const { role, isOpen, isLeaving, isAway, isFull, status, now, ticks } = options
  const moves = new Map<string, { readonly position: number; readonly at: number }>()
  let last: Readiness = notReady('the database has not answered yet')
  let askedAt = Number.NEGATIVE_INFINITY
  let asking: Promise<void> | undefined

  async function ask(): Promise<void> {
    const statuses = await within(answerWithinMs, status()).catch(() => undefined)
    if (statuses === undefined) last = notReady('the database does not answer')
    else last = role === 'worker' ? ofWorker(served(statuses)) : ofApi(served(statuses))
  }

  function served(statuses: readonly ProjectionStatus[]): Served[] {
    return statuses
      .filter(({ state }) => state === 'serving')
      .flatMap(({ projection, version, partitions }) =>
        partitions.map((place) => {
          const behindMs = place.behindSince === null ? 0 : Math.max(0, now() - place.behindSince)
          return { ...place, projection, key: `${projection} ${version} ${place.partition}`, behindMs }
        }),
      )
  }

  function ofApi(all: readonly Served[]): Readiness {
    const behindMs = Math.max(0, ...all.map((each) => each.behindMs))
    const sentence = behindMs < mentionedMs ? 'ready' : `ready; what is read is ${seconds(behindMs)} behind`
    return { isReady: true, sentence }
  }

  function ofWorker(all: readonly Served[]): Readiness {
    const keys = new Set(all.map(({ key }) => key))
    for (const key of moves.keys()) if (!keys.has(key)) moves.delete(key)
    for (const { key, position, behindMs } of all) {
      const before = moves.get(key)
      const hasMoved = behindMs === 0 || (before !== undefined && position > before.position)
      if (hasMoved || before === undefined) {
        moves.set(key, { position, at: hasMoved ? ticks() : Number.NEGATIVE_INFINITY })
      }
    }
    const stuck = all.find(
      ({ key, behindMs }) => behindMs > standstillMs && ticks() - moves.get(key)!.at > standstillMs,
    )
    if (stuck === undefined) return { isReady: true, sentence: 'ready' }
    const { projection, partition, behindMs } = stuck
    return notReady(
      `the projection ${projection} does not move and is ${seconds(behindMs)} behind in partition ${partition}`,
    )
  }

  /** Whoever only reads is served by an API; a worker can do nothing. */
  function withoutRoom(): Readiness {
    const why = 'the disk of the database has no room'
    return role === 'worker'
      ? notReady(why)
      : { isReady: true, sentence: `${last.sentence}; ${why}, and no command is taken` }
  }

  return async (what = 'work') => {
    if (what === 'traffic') {
      if (isLeaving()) return notReady('it is stopping')
      return isOpen() ? { isReady: true, sentence: 'ready for requests' } : notReady('it is starting')
    }
    if (!isLeaving() && !isAway()) {
      if (asking === undefined && ticks() - askedAt >= askEveryMs) {
        askedAt = ticks()
        asking = ask().finally(() => {
          asking = undefined
        })
      }
      if (asking !== undefined) await within(patienceMs, asking).catch(() => undefined)
    }
    if (isLeaving()) return notReady('it is stopping')
    if (!isOpen()) return notReady('it is starting')
    if (isAway()) return notReady('the database is away')
    return isFull() && last.isReady ? withoutRoom() : last
  }
}

interface Served extends PartitionStatus {
  readonly key: string
  readonly projection: string
  readonly behindMs: number
}

function notReady(why: string): Readiness {
  return { isReady: false, sentence: `not ready: ${why}` }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1_000)} s`
}

/** Rejects where it takes longer. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('It took too long')), ms)
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer))
}

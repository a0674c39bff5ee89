/**
 * The write side's connections, as far as they can be relied on: nothing is sent while the database is away, nothing
 * waits for an answer that will not come, and no connection from before it went is used after.
 *
 * @databases/pg retries a refused connection for two seconds and has no way to let go of idle connections, so the pool
 * itself is replaced whenever a call failed. What is under way goes on in the old one, which closes behind it, until the
 * database is known to be away: then it is given up at once.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { ConnectionPool, SQLQuery, Transaction } from '@databases/pg'
import type { Availability } from './availability.ts'
import { DatabaseUnavailable, isAway } from './faults.ts'
import type { Room } from './room.ts'

export interface WritePool {
  /** Refuses with DatabaseUnavailable at once while the database is away; gives a single statement up after `answerWithinMs`. */
  readonly prompt: ConnectionPool
  /** Waits while the database is away, until `signal` aborts, and for its statements as long as the connections do. */
  patient(signal: AbortSignal): ConnectionPool
  /** Statements and transactions that wait for their answer. */
  underWay(): number
  close(): Promise<void>
}

export interface WritePoolOptions {
  readonly open: () => ConnectionPool
  readonly availability: Availability
  /** Hears of whatever fails. */
  readonly room: Pick<Room, 'failed'>
  readonly limits: AnswerLimits | undefined
}

export interface AnswerLimits {
  /** No answer for so long, and the database is looked at; the call waits on. */
  readonly lookAfterMs: number
  readonly answerWithinMs: number
}

/** Connections that are still waiting for the database then are left to the end of the process. */
const closingTimeMs = 1_000

type Send<T> = (pool: ConnectionPool, isGivenUp: () => boolean) => Promise<T>

export function openWritePool({ open, availability, room, limits }: WritePoolOptions): WritePool {
  let current = open()
  const closing = new Set<Promise<void>>()
  const underWay = new Set<(reason: Error) => void>()

  availability.onChange((status) => {
    if (status === 'available') return
    retire(current)
    current = open()
    if (status === 'away') giveUp()
  })

  function retire(pool: ConnectionPool): void {
    const closed = pool.dispose().finally(() => closing.delete(closed))
    closing.add(closed)
  }

  function giveUp(): void {
    for (const end of [...underWay]) end(new DatabaseUnavailable('The database went away before it answered'))
  }

  function call<T>(send: Send<T>, answerWithinMs?: number): Promise<T> {
    if (availability.status !== 'available') {
      return Promise.reject(new DatabaseUnavailable('The database is away'))
    }
    const pool = current
    return new Promise((resolve, reject) => {
      const looking = limits && setTimeout(() => availability.look(), limits.lookAfterMs)
      const silent =
        answerWithinMs === undefined
          ? undefined
          : setTimeout(
              () => fail(new DatabaseUnavailable(`The database did not answer within ${answerWithinMs} ms`)),
              answerWithinMs,
            )
      underWay.add(end)
      send(pool, () => !underWay.has(end)).then((value) => {
        if (settle()) resolve(value)
      }, fail)

      /** False where it was given up before. */
      function settle(): boolean {
        clearTimeout(looking)
        clearTimeout(silent)
        return underWay.delete(end)
      }
      function end(reason: Error): void {
        if (settle()) reject(reason)
      }
      function fail(error: unknown): void {
        if (!settle()) return
        // What an older pool's connections die of says nothing of the database now.
        if (pool === current && isAway(error)) availability.failed(error)
        room.failed(error)
        reject(error)
      }
    })
  }

  function guarded(
    before: () => Promise<void> | undefined,
    answerWithinMs: number | undefined,
  ): ConnectionPool {
    async function query(statement: SQLQuery | SQLQuery[]) {
      const waiting = before()
      if (waiting !== undefined) await waiting
      return call<unknown[]>(
        (pool) => (Array.isArray(statement) ? pool.query(statement) : pool.query(statement)),
        answerWithinMs,
      )
    }
    async function tx<T>(
      work: (transaction: Transaction) => Promise<T>,
      options?: Parameters<ConnectionPool['tx']>[1],
    ): Promise<T> {
      const waiting = before()
      if (waiting !== undefined) await waiting
      return call((pool, isGivenUp) =>
        pool.tx((transaction) => whileWanted(transaction, isGivenUp, work), options),
      )
    }
    return new Proxy(current, {
      get(_, name) {
        if (name === 'query') return query
        if (name === 'tx') return tx
        return Reflect.get(current, name)
      },
    })
  }

  return {
    prompt: guarded(() => undefined, limits?.answerWithinMs),
    patient: (signal) =>
      guarded(
        () => (availability.status === 'available' ? undefined : availability.returned(signal)),
        undefined,
      ),
    underWay: () => underWay.size,
    async close() {
      giveUp()
      retire(current)
      await Promise.race([Promise.all(closing), pause(closingTimeMs, undefined, { ref: false })])
    },
  }
}

/** Whoever began the transaction was told that it failed: what is left of it does nothing more and is rolled back. */
async function whileWanted<T>(
  transaction: Transaction,
  isGivenUp: () => boolean,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const refuse = () => Promise.reject(new DatabaseUnavailable('The transaction was given up'))
  const result = await work(
    new Proxy(transaction, {
      get: (target, name) => (name === 'query' && isGivenUp() ? refuse : Reflect.get(target, name)),
    }),
  )
  return isGivenUp() ? refuse() : result
}

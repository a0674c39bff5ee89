/** The read side's connections, as Kysely takes them. They see by themselves when a host has vanished without a word. */
import { Socket } from 'node:net'
import type { PostgresPool } from 'kysely'
import type pg from 'pg'
import type { Availability } from './availability.ts'
import { DatabaseUnavailable } from './faults.ts'
import { openPool } from './pool.ts'
import { Preparing } from './read-statements.ts'

export interface ReadPoolOptions {
  readonly connection: pg.PoolConfig
  /** Of the same database; left out for a replica, whose absence says nothing of it. */
  readonly availability: Availability | undefined
  /** How long a statement may take; no limit where left out. */
  readonly answerWithinMs: number | undefined
  readonly onConnectionLost: (error: Error) => void
}

/** What the server has to say that a statement took too long comes first: then the connection goes on. */
const graceMs = 5_000
/**
 * What is read is looked up by an index, each row. A planner that has no statistics yet, or old ones, believes that all
 * rows are as quickly read and sorted; and takes the costs of PostGIS' functions for a reason to compile a statement,
 * which takes longer than to carry it out.
 */
export const lookUpsOnly = '-c enable_seqscan=off -c enable_bitmapscan=off -c jit=off'
/**
 * The embedded database takes no such options, so what is on a socket of this machine is not given any. There a
 * connection ends with the plans that it has made, before they become much worse than others.
 */
const planLifetimeSeconds = 60
/** For what is under way when the pool is closed. */
const closingTimeMs = 1_000

export interface ReadPool extends PostgresPool {
  connections(): Connections
}

export interface Connections {
  readonly open: number
  readonly idle: number
  /** Requests that wait for one. */
  readonly waiting: number
}

export function openReadPool(options: ReadPoolOptions): ReadPool {
  const { connection, availability, answerWithinMs, onConnectionLost } = options
  const sockets = new Set<Socket>()

  /** An idle connection is closed by the pool before its silence is too long. */
  function impatientSocket(limitMs: number): Socket {
    const socket = new Socket()
    const giveUp = () => socket.destroy(new DatabaseUnavailable(`The database was silent for ${limitMs} ms`))
    socket.setTimeout(limitMs, giveUp)
    sockets.add(socket)
    return socket.once('close', () => sockets.delete(socket))
  }

  const common = { ...connection, maxLifetimeSeconds: planLifetimeSeconds }
  const pool = openPool(
    answerWithinMs === undefined
      ? common
      : {
          ...common,
          options: lookUpsOnly,
          statement_timeout: answerWithinMs,
          stream: () => impatientSocket(answerWithinMs + graceMs),
        },
    onConnectionLost,
  )
  function cut(reason: string): void {
    for (const socket of sockets) socket.destroy(new DatabaseUnavailable(reason))
  }
  const prepared = new WeakMap<pg.PoolClient, Preparing>()
  function preparing(client: pg.PoolClient): Preparing {
    const known = prepared.get(client) ?? new Preparing(client)
    prepared.set(client, known)
    return known
  }
  availability?.onChange((status) => {
    if (status === 'away') cut('The database went away before it answered')
  })
  return {
    options: pool.options,
    connections: () => ({ open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    async connect() {
      if (availability !== undefined && availability.status !== 'available') {
        throw new DatabaseUnavailable('The database is away')
      }
      try {
        return preparing(await pool.connect())
      } catch (error) {
        availability?.look(error)
        throw error
      }
    },
    async end() {
      const late = setTimeout(() => cut('The pool was closed before the database answered'), closingTimeMs)
      await pool.end()
      clearTimeout(late)
    },
  }
}

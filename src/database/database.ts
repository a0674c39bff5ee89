/**
 * The database: two ways to it, on purpose. The write side speaks its few SQL functions through @databases/pg; the
 * read side composes queries with Kysely, on a pool that may be a replica. This room knows nothing of rides.
 */
import databases, { type ConnectionPool } from '@databases/pg'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { type Availability, openAvailability } from './availability.ts'
import { probe } from './probe.ts'
import { type Connections, openReadPool } from './read-pool.ts'
import { openRoom, type Room } from './room.ts'
import { isOnUnixSocket } from './unix-socket.ts'
import { openWritePool, type WritePool } from './write-pool.ts'

export interface Database<ReadTables> {
  /** For what somebody waits for: refuses at once while the database is away, and soon where it does not answer. */
  readonly write: ConnectionPool
  /**
   * As `write`, over one connection of its own: for the same statement again and again, one at a time. A pool hands its
   * connections out in turn, and ten server processes that take turns find nothing where they left it: 46 instead of 42 us of
   * the server's processor time an append.
   */
  lane(): ConnectionPool
  /** For work in the background: waits while the database is away, until `signal` aborts; its statements may take long. */
  work(signal: AbortSignal): ConnectionPool
  readonly read: Kysely<ReadTables>
  readonly availability: Availability
  /** How its connections are used at this moment. */
  now(): DatabaseUse
  /** Whether what is to be written finds a place. */
  readonly room: Pick<Room, 'isFull'>
  close(): Promise<void>
}

export interface DatabaseUse {
  readonly isAvailable: boolean
  /** Statements and transactions that wait for their answer. */
  readonly underWay: { readonly write: number; readonly append: number }
  readonly reading: Connections
}

export interface DatabaseOptions {
  readonly url: string
  /** A replica for queries; the same database where left out. */
  readonly readUrl?: string | undefined
  /** Hears of what broke while the database was there. The pools replace it by themselves. */
  readonly onConnectionLost: (error: unknown) => void
  /** Once when it goes. It is looked for until it is back. */
  readonly onAway?: () => void
  readonly onBack?: () => void
  /** Once when its disk is full, and once when nothing was refused for that for a while. */
  readonly onFull?: () => void
  readonly onEnough?: () => void
  readonly random?: () => number
}

export const writeConnections = 10
/** More get less done: of pages of history six bring a fifth more a second than ten (two cores, the database on the same). */
export const readConnections = 6
/** A statement or transaction nobody goes on with must let go of its locks. */
const idleInTransactionTimeoutMs = 10_000
/** Building a route or a batch of a rebuild takes seconds. The server ends what takes longer. */
const statementTimeoutMs = 30_000
/** A little later, so that the server is heard first: its word that it ended a statement is certain. */
const queryTimeoutMs = statementTimeoutMs + 2_000
const connectTimeoutMs = 2_000
/** Where nobody answers it is better to be told soon: appends take milliseconds, and a refused one is sent again. */
const promptLimits = { lookAfterMs: 1_000, answerWithinMs: 5_000 }
const readConnectTimeoutMs = 5_000
/** A host that vanished is noticed where nothing is under way: ten seconds, then ten probes of TCP a second apart. */
const keepAlive = { keepAlive: true, delayMs: 10_000 }

/** Opens the pools; connections are made when they are first needed. */
export function openDatabase<ReadTables>(options: DatabaseOptions): Database<ReadTables> {
  const { url, readUrl, onConnectionLost, onAway, onBack, onFull, onEnough, random = Math.random } = options
  const isNetworked = !isOnUnixSocket(url)
  const availability = openAvailability({
    probe: () => probe(url, isNetworked ? connectTimeoutMs : undefined),
    now: () => performance.now(),
    random,
    onAway: () => onAway?.(),
    onBack: () => onBack?.(),
    onBroken: onConnectionLost,
  })
  const room = openRoom({ onFull: () => onFull?.(), onEnough: () => onEnough?.() })
  const openWrite = (poolSize: number) =>
    openWritePool({
      open: () =>
        databases.default({
          connectionString: url,
          poolSize,
          bigIntMode: 'number',
          applicationName: 'slipstream',
          idleInTransactionSessionTimeoutMilliseconds: idleInTransactionTimeoutMs,
          onError: availability.look,
          ...(isNetworked ? networkedWrite : {}),
        }),
      availability,
      room,
      limits: isNetworked ? promptLimits : undefined,
    })
  const write = openWrite(writeConnections)
  const lanes: WritePool[] = []
  const isReadNetworked = readUrl === undefined ? isNetworked : !isOnUnixSocket(readUrl)
  const pool = openReadPool({
    connection: {
      connectionString: readUrl ?? url,
      max: readConnections,
      application_name: 'slipstream',
      types: { getTypeParser: readParser },
      ...(isReadNetworked ? networkedRead : {}),
    },
    availability: readUrl === undefined ? availability : undefined,
    answerWithinMs: isReadNetworked ? statementTimeoutMs : undefined,
    onConnectionLost: readUrl === undefined ? availability.look : onConnectionLost,
  })
  const read = new Kysely<ReadTables>({ dialect: new PostgresDialect({ pool }) })
  return {
    write: write.prompt,
    lane() {
      const lane = openWrite(1)
      lanes.push(lane)
      return lane.prompt
    },
    work: write.patient,
    read,
    availability,
    room,
    now: () => ({
      isAvailable: availability.status === 'available',
      underWay: {
        write: write.underWay(),
        append: lanes.reduce((sum, lane) => sum + lane.underWay(), 0),
      },
      reading: pool.connections(),
    }),
    async close() {
      availability.close()
      room[Symbol.dispose]()
      await Promise.all([...[write, ...lanes].map((pool) => pool.close()), read.destroy()])
    },
  }
}

const networkedWrite = {
  connectionTimeoutMilliseconds: connectTimeoutMs,
  queueTimeoutMilliseconds: queryTimeoutMs,
  statementTimeoutMilliseconds: statementTimeoutMs,
  queryTimeoutMilliseconds: queryTimeoutMs,
  keepAlive: keepAlive.keepAlive,
  keepAliveInitialDelayMilliseconds: keepAlive.delayMs,
}

const networkedRead = {
  connectionTimeoutMillis: readConnectTimeoutMs,
  keepAlive: keepAlive.keepAlive,
  keepAliveInitialDelayMillis: keepAlive.delayMs,
}

const bigintOid = 20
const numericOid = 1700

/** Counts and log positions stay far below 2^53, so they are read as numbers. */
const readParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === bigintOid || oid === numericOid ? Number : pg.types.getTypeParser(oid, format as 'text')

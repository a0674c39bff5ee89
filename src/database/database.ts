/**
 * The database: two ways to it, on purpose. The write side speaks its few SQL functions through @databases/pg; the
 * read side composes queries with Kysely, on a pool that may be a replica. This room knows nothing of rides.
 */
import databases, { type ConnectionPool } from '@databases/pg'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { openPool } from './pool.ts'

export interface Database<ReadTables> {
  readonly write: ConnectionPool
  readonly read: Kysely<ReadTables>
  close(): Promise<void>
}

export interface DatabaseOptions {
  readonly url: string
  /** A replica for queries; the same database where left out. */
  readonly readUrl?: string | undefined
  /** Hears of idle connections that broke. The pools replace them by themselves. */
  readonly onConnectionLost: (error: Error) => void
}

const writeConnections = 10
const readConnections = 10
/** A statement or transaction nobody goes on with must let go of its locks. */
const idleInTransactionTimeoutMs = 10_000

/** Opens the pools; connections are made when they are first needed. */
export function openDatabase<ReadTables>({
  url,
  readUrl,
  onConnectionLost,
}: DatabaseOptions): Database<ReadTables> {
  const write = databases.default({
    connectionString: url,
    poolSize: writeConnections,
    bigIntMode: 'number',
    applicationName: 'slipstream',
    idleInTransactionSessionTimeoutMilliseconds: idleInTransactionTimeoutMs,
    onError: onConnectionLost,
  })
  const pool = openPool(
    {
      connectionString: readUrl ?? url,
      max: readConnections,
      application_name: 'slipstream',
      types: { getTypeParser: readParser },
    },
    onConnectionLost,
  )
  const read = new Kysely<ReadTables>({ dialect: new PostgresDialect({ pool }) })
  return {
    write,
    read,
    async close() {
      await Promise.all([write.dispose(), read.destroy()])
    },
  }
}

const bigintOid = 20
const numericOid = 1700

/** Counts and log positions stay far below 2^53, so they are read as numbers. */
const readParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === bigintOid || oid === numericOid ? Number : pg.types.getTypeParser(oid, format as 'text')

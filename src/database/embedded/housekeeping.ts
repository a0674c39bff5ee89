/**
 * What a PostgreSQL server's background processes do and PGlite has none for: checkpoints, without which the
 * write-ahead log grows for ever and recovery after a kill takes ever longer, and VACUUM (ANALYZE), without
 * which plans are made on the statistics of empty tables. Each is a turn of its own, one table at a time, so
 * that clients wait for one of them at most. PGlite keeps no statistics of activity, so the growth of the
 * write-ahead log stands for it.
 */
import type { Engine } from './engine.ts'
import type { Gateway } from './gateway.ts'

const intervalMs = 60_000
/** A few seconds of recovery, and four of PostgreSQL's 16 MB segments. */
const checkpointAfterBytes = 64 * 1024 * 1024
/** Some thousands of changed rows; a database at rest is left alone. */
const vacuumAfterBytes = 8 * 1024 * 1024
const vacuumEveryMs = 10 * 60_000

const walBytes = `SELECT pg_current_wal_lsn() - '0/0'`
const tables = `SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n
  ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%'
  AND n.nspname <> 'information_schema' ORDER BY 1`

/** Looks every minute for what is due; returns a function that stops it. */
export function keepHouse(gateway: Pick<Gateway, 'enqueue'>, engine: Pick<Engine, 'query'>): () => void {
  let checkpointedAt = position(engine)
  // Due at once: the last process may have ended before it got to it.
  let vacuumedAt = Number.NEGATIVE_INFINITY
  let vacuumedOn = Number.NEGATIVE_INFINITY
  const look = () => {
    const now = position(engine)
    if (now - checkpointedAt >= checkpointAfterBytes) {
      checkpointedAt = now
      gateway.enqueue(() => engine.query('CHECKPOINT'))
    }
    if (now - vacuumedAt < vacuumAfterBytes || performance.now() - vacuumedOn < vacuumEveryMs) return
    vacuumedAt = now
    vacuumedOn = performance.now()
    // A table that was dropped meanwhile gives an error, which says nothing that matters here.
    for (const [table] of engine.query(tables).rows) {
      gateway.enqueue(() => engine.query(`VACUUM (ANALYZE) ${table}`))
    }
  }
  const timer = setInterval(() => gateway.enqueue(look), intervalMs)
  return () => clearInterval(timer)
}

/** Bytes of write-ahead log ever written. */
function position(engine: Pick<Engine, 'query'>): number {
  return Number(engine.query(walBytes).rows[0]?.[0] ?? 0)
}

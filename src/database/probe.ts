/** Asking a database whether it is there, on a connection of its own: what the pools hold may be dead and not know it. */
import pg from 'pg'
import { isAway, sqlState } from './faults.ts'

/** No slot is free for one more connection; those that the pools hold may well be served. */
const tooManyConnections = '53300'

/**
 * True where it takes connections and writes. A server that is starting up, or that stands by since a failover, does not
 * yet. Bounded by twice `timeoutMs`; not bounded where it is left out.
 */
export async function probe(url: string, timeoutMs: number | undefined): Promise<boolean> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'slipstream probe',
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
  })
  // What happens to it is told by connect and query.
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ writes: boolean }>(
      `select current_setting('transaction_read_only') = 'off' as writes`,
    )
    return rows[0]?.writes === true
  } catch (error) {
    // Whoever refuses a user or a database, or has no memory just now, is there.
    return !isAway(error) || (error instanceof Error && sqlState(error) === tooManyConnections)
  } finally {
    // Not waited for: a host that vanished does not say goodbye.
    void client.end()
  }
}

/**
 * VACUUM of some tables: what was deleted from them, or written over, stays in their pages until then, if out of reach of
 * every query. By a connection of its own: it runs outside transactions, and longer than statements may.
 */
import pg from 'pg'

/** Resolves when it is done, or rejects soon after `signal` aborts. A table that is gone, or vacuumed already, is passed over. */
export async function vacuum(url: string, tables: readonly string[], signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const client = new pg.Client({ connectionString: url, application_name: 'slipstream vacuum' })
  // A connection that breaks makes the statement fail that needs it; there is no more to say of it.
  client.on('error', () => undefined)
  const stop = () => void client.end().catch(() => undefined)
  signal.addEventListener('abort', stop)
  try {
    await client.connect()
    for (const table of tables) {
      signal.throwIfAborted()
      await client.query(`vacuum (skip_locked) ${pg.escapeIdentifier(table)}`).catch(unlessGone)
    }
  } finally {
    signal.removeEventListener('abort', stop)
    await client.end().catch(() => undefined)
  }
}

const undefinedTable = '42P01'

function unlessGone(error: unknown): void {
  if (!(error instanceof pg.DatabaseError && error.code === undefinedTable)) throw error
}

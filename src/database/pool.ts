/** A pool of pg whose connections may break without taking the process with them. */
import pg from 'pg'

/**
 * `onConnectionLost` hears of connections that broke while nobody used them; the pool replaces them. The pool itself
 * listens only while a connection lies idle in it, and not to those that it is just closing, whose last words would
 * otherwise be an uncaught exception.
 */
export function openPool(options: pg.PoolConfig, onConnectionLost: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool(options)
  pool.on('connect', (client) => client.on('error', onConnectionLost))
  // Said of the same connection by its own listener.
  pool.on('error', () => undefined)
  return pool
}

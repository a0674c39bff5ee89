/** Whether silence means something. */
import pg from 'pg'

/**
 * A Unix socket breaks as soon as nobody is behind it, so that silence there is work: the embedded database, which does one
 * thing after another, may be busy with another connection's for a while. Over a network a host may vanish without a word.
 */
export function isOnUnixSocket(url: string): boolean {
  return new pg.Client({ connectionString: url }).host.startsWith('/')
}

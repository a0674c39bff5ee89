/**
 * Statements that the server keeps a plan of. Planning a page of rides takes longer than running it (0.27 ms and
 * 0.2), so each text goes by a name, under which the connection has the server prepare it once.
 *
 * A pooler that stands between has to know of prepared statements (PgBouncer from 1.21 on, with
 * `max_prepared_statements`); the embedded database's gateway keeps the names of connections apart.
 */
import type { PostgresCursor, PostgresPoolClient, PostgresQueryResult } from 'kysely'
import type pg from 'pg'

/** Far more than there are: a text that is made up on the way must not take the server's memory. */
const mostStatements = 100

/** A connection of the read side, with names for what is asked over it. */
export class Preparing implements PostgresPoolClient {
  readonly #client: pg.PoolClient
  readonly #names = new Map<string, string>()

  constructor(client: pg.PoolClient) {
    this.#client = client
  }

  query<Row>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<Row>>
  query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>
  query(text: string | PostgresCursor<unknown>, values: readonly unknown[] = []): unknown {
    if (typeof text !== 'string') throw new Error('The read side opens no cursors')
    const name = this.#nameOf(text)
    // One without a name is planned anew each time.
    return this.#client.query({ ...(name === undefined ? {} : { name }), text, values: [...values] })
  }

  release(destroy?: boolean): void {
    this.#client.release(destroy)
  }

  #nameOf(text: string): string | undefined {
    const known = this.#names.get(text)
    if (known !== undefined || this.#names.size >= mostStatements) return known
    const name = `read_${this.#names.size}`
    this.#names.set(text, name)
    return name
  }
}

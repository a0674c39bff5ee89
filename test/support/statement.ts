/** A statement past the product, on a connection of its own: what its pools bound and hold is no matter here. */
import pg from 'pg'

export type Row = Record<string, unknown>

/** Gives its rows. Without `values` it may be several statements: then the rows of the last. */
export async function statement(url: string, text: string, values: readonly unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    // Of several statements pg gives several results.
    return [await client.query<Row>(text, [...values])].flat().at(-1)?.rows ?? []
  } finally {
    await client.end()
  }
}

/** A connection of one's own, without the bounds that the product's pools set: neither on a statement nor on idleness. */
import pg from 'pg'

export async function directly<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

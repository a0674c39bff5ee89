/** The product's database, asked behind its back. */
import pg from 'pg'
import type { Served } from './serve.ts'

export async function directly(
  { databaseUrl }: Pick<Served, 'databaseUrl'>,
  text: string,
  values: unknown[],
): Promise<Record<string, unknown>[]> {
  const connection = new pg.Client({ connectionString: databaseUrl })
  await connection.connect()
  try {
    return (await connection.query(text, values)).rows
  } finally {
    await connection.end()
  }
}

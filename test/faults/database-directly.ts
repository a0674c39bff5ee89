/** What is in the database, past the product and past every proxy. */
import pg from 'pg'

export type Row = Record<string, unknown>

/** A connection of its own, so that a database that went away in between is no hindrance. Counts are numbers. */
export async function query(url: string, text: string, values: readonly unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({
    connectionString: url,
    types: { getTypeParser },
    connectionTimeoutMillis: 5_000,
  })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<Row>(text, [...values])).rows
  } finally {
    await client.end().catch(() => undefined)
  }
}

const bigintOid = 20

const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === bigintOid ? Number : pg.types.getTypeParser(oid, format as 'text')

export interface ReadTableNames {
  readonly rides: string
  readonly progress: string
  readonly routes: string
}

/** The tables of the versions that are served. */
export async function readTables(url: string): Promise<ReadTableNames> {
  const rows = await query(url, `select projection, version from projection_version where state = 'serving'`)
  const versions = new Map(rows.map(({ projection, version }) => [projection, Number(version)]))
  const [rides, routes] = [versions.get('rides'), versions.get('routes')]
  return { rides: `rides_${rides}`, progress: `ride_progress_${rides}`, routes: `routes_${routes}` }
}

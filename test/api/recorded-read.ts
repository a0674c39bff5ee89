/** The read tables, and which statements they are asked. */
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { openPool } from '#database/pool.ts'
import { openServing } from '#projections/serving.ts'
import type { ReadTables } from '#projections/tables.ts'

export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
}

export interface RecordedRead extends AsyncDisposable {
  readonly read: Kysely<ReadTables>
  /** Since they were taken last, in order. */
  taken(): Statement[]
}

const bigintOid = 20
const parser: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === bigintOid ? Number : pg.types.getTypeParser(oid, format as 'text')

export async function openRecordedRead(url: string): Promise<RecordedRead> {
  let statements: Statement[] = []
  const pool = openPool({ connectionString: url, types: { getTypeParser: parser } }, () => undefined)
  const unversioned = new Kysely<ReadTables>({
    dialect: new PostgresDialect({ pool }),
    log({ query }) {
      statements.push({ text: query.sql, values: query.parameters })
    },
  })
  const serving = await openServing({
    read: unversioned,
    listener: { on: () => () => undefined, close: async () => undefined },
    onFault: (error) => {
      throw error
    },
  })
  statements = []
  return {
    read: serving.read(),
    taken() {
      const taken = statements
      statements = []
      return taken
    },
    async [Symbol.asyncDispose]() {
      serving.close()
      await unversioned.destroy()
    },
  }
}

/**
 * What a statement costs in buffers: the pages it touches, as EXPLAIN (ANALYZE, BUFFERS) counts them. Unlike time they are the
 * same on a busy machine and on an idle one.
 */
import { type ConnectionPool, type Queryable, type SQLQuery, sql, type Transaction } from '@databases/pg'
import { type AppendEntry, appendEntries } from '#log/append.ts'
import { median } from './rounds.ts'

/** The same database, each of whose statements is explained (and so carried out) before it is carried out. */
export function counting<Database extends Queryable>(
  database: Database,
  count: (buffers: number) => void,
): Database {
  async function query(statement: SQLQuery) {
    count(await buffersOf(database, statement))
    return database.query(statement)
  }
  return new Proxy(database, {
    get: (target, name) => (name === 'query' ? query : Reflect.get(target, name)),
  })
}

async function buffersOf(database: Queryable, statement: SQLQuery): Promise<number> {
  const [row] = await database.query(sql`explain (analyze, buffers, format json) ${statement}`)
  const { Plan: plan } = row['QUERY PLAN'][0]
  return plan['Shared Hit Blocks'] + plan['Shared Read Blocks']
}

/** Of all statements of `work`, in a transaction that is rolled back. */
export async function buffersOfWork(
  database: ConnectionPool,
  work: (transaction: Transaction) => Promise<unknown>,
): Promise<number> {
  let buffers = 0
  const rollback = new Error('This transaction was for counting only')
  const counted = database.tx(async (transaction) => {
    await work(counting(transaction, (more) => (buffers += more)))
    throw rollback
  })
  await counted.catch((error: unknown) => {
    if (error !== rollback) throw error
  })
  return buffers
}

/** Of one append of these entries, the median of so many. */
export async function buffersOfAppend(
  database: ConnectionPool,
  makeEntry: () => AppendEntry,
  { times = 21, partition = 0 } = {},
): Promise<number> {
  const counts: number[] = []
  for (let time = 0; time < times; time++) {
    const entry = makeEntry()
    const buffers = await buffersOfWork(database, async (transaction) => {
      const { results } = await appendEntries(transaction, partition, false, [entry])
      const [result] = results
      // To explain it was to carry it out: this is the second time.
      if (result?.outcome !== 'duplicate') throw new Error(`Nothing was appended: ${result?.outcome}`)
    })
    counts.push(buffers)
  }
  return median(counts)
}

/** What the server could not do for one statement is that statement's failure, and nobody else's. */
import { sql } from '@databases/pg'
import { expect, test } from 'vitest'
import { openDatabase } from '#database/database.ts'
import { isUnavailable } from '#database/faults.ts'
import { freshDatabase } from '../support/database.ts'

test.each([
  ['that took too long', '57014', true],
  ['that needs more memory than there is', '53200', true],
  ['of a transaction that was idle for too long', '25P03', true],
  ['that finds the disk full', '53100', true],
  ['that needs a library the server cannot find', '58P01', false],
])('a statement %s fails alone: the database is not doubted', async (_, code, mayBeSentAgain) => {
  await using fresh = await freshDatabase()
  const said: unknown[] = []
  const database = openDatabase<unknown>({ url: fresh.url, onConnectionLost: (error) => said.push(error) })
  database.availability.onChange((status) => said.push(status))
  for (const connections of [database.write, database.work(new AbortController().signal)]) {
    const failure: unknown = await connections
      .tx((transaction) => transaction.query(failing(code)))
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ code })
    expect(isUnavailable(failure)).toBe(mayBeSentAgain)
    expect(database.availability.status).toBe('available')
    expect(await connections.query(sql`select 1 as one`)).toEqual([{ one: 1 }])
  }
  expect(said).toEqual([])
  await database.close()
})

function failing(code: string) {
  return sql.__dangerous__rawValue(
    `do $$ begin raise exception 'Not this one' using errcode = '${code}'; end $$`,
  )
}

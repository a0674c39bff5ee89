/** What is sent as a binary array is what was meant. */
import { sql } from '@databases/pg'
import { expect, test } from 'vitest'
import {
  booleanArray,
  bytesArray,
  integerArray,
  jsonArray,
  smallintArray,
  textArray,
  uuidArray,
} from '#database/binary-array.ts'
import { openDatabase } from '#database/database.ts'
import { prepared } from '#database/prepared.ts'
import { freshDatabase } from '../support/database.ts'

const uuids = ['6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f506', 'FFFFFFFF-ffff-ffff-ffff-ffffffffffff']

test('arrays of all types, nulls, empty ones and texts of any characters come back as they went', async () => {
  await using fresh = await freshDatabase()
  const { write, close } = openDatabase<unknown>({ url: fresh.url, onConnectionLost: () => undefined })
  const texts = ['', 'ride', '"quoted", {braced}\\ and \n more', 'NULL', 'žluťoučký 🚲']
  const ask = () =>
    write.query(
      prepared(
        'binary_arrays',
        sql`select ${booleanArray([true, false])}::boolean[] as booleans, ${smallintArray([-32_768, 7])}::smallint[] as smallints,
                 ${integerArray([-2_147_483_648, 2_147_483_647])}::integer[] as integers, ${uuidArray(uuids)}::uuid[] as uuids,
                 ${bytesArray(['', '00ff'])}::bytea[] as bytes, ${textArray(texts)}::text[] as texts,
                 array_to_json(${jsonArray(['{"a":[1,"}"]}', null, 'null'])}::json[]) as jsons,
                 ${textArray([])}::text[] as none, ${uuidArray([])}::uuid[] as no_uuids`,
      ),
    )
  const expected = {
    booleans: [true, false],
    smallints: [-32_768, 7],
    integers: [-2_147_483_648, 2_147_483_647],
    uuids: uuids.map((uuid) => uuid.toLowerCase()),
    bytes: [Buffer.alloc(0), Buffer.from([0, 255])],
    texts,
    jsons: [{ a: [1, '}'] }, null, null],
    none: [],
    no_uuids: [],
  }
  // Twice: the second time the statement is prepared already.
  expect(await ask()).toEqual([expected])
  expect(await ask()).toEqual([expected])
  await close()
})

test('a statement that is prepared stays with the connection', async () => {
  await using fresh = await freshDatabase()
  const { write, close } = openDatabase<unknown>({ url: fresh.url, onConnectionLost: () => undefined })
  const names = await write.task(async (connection) => {
    await connection.query(prepared('by_its_name', sql`select ${1}::integer as one`))
    return connection.query(sql`select name from pg_prepared_statements where statement like '%as one%'`)
  })
  expect(names).toHaveLength(1)
  await close()
})

test.each(['6f1c2a345b6d4e7f8a90b1c2d3e4f506', 'not a UUID', '6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f50x'])(
  'no UUID is made of %s',
  (text) => {
    expect(() => uuidArray([text])).toThrow('hyphens')
  },
)

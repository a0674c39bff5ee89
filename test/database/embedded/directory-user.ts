/**
 * A process of its own that opens an embedded database and writes pairs of rows in transactions, eight at a time,
 * saying the number of each pair on a line once it is committed. Ends after `count` pairs.
 *
 *   node directory-user.ts DIRECTORY FIRST COUNT
 */
import pg from 'pg'
import { openEmbedded } from '../../../src/database/embedded.ts'

const [directory = '', first = '1', count = '1'] = process.argv.slice(2)
const database = await openEmbedded({ directory })
console.log(database.owner ? 'owner' : 'guest')
const pool = new pg.Pool({ connectionString: database.url, max: 8 })
await pool.query('CREATE TABLE IF NOT EXISTS pair (number int, half int, PRIMARY KEY (number, half))')

let next = Number(first)
const last = next + Number(count) - 1

async function writePairs(): Promise<void> {
  const client = await pool.connect()
  while (next <= last) {
    const number = next++
    await client.query('BEGIN')
    await client.query('INSERT INTO pair VALUES ($1, 1)', [number])
    await client.query('INSERT INTO pair VALUES ($1, 2)', [number])
    await client.query('COMMIT')
    console.log(number)
  }
  client.release()
}

await Promise.all(Array.from({ length: 8 }, writePairs))
await pool.end()
await database.close()

/** What drivers may expect of the gateway: to them it is a PostgreSQL server with many sessions. */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import databases, { sql } from '@databases/pg'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type EmbeddedDatabase, openEmbedded } from '#database/embedded.ts'
import { eventually } from '../../support/eventually.ts'
import { bind, execute, int32, message, query, sync, WireClient } from './wire-client.ts'

/** Short enough to wait for, long enough for a busy machine's pauses within the other tests' transactions. */
const idleInTransactionTimeoutMs = 2_000

let directory: string
let database: EmbeddedDatabase
let pool: pg.Pool

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipstream-embedded-'))
  database = await openEmbedded({ directory, idleInTransactionTimeoutMs })
  pool = new pg.Pool({ connectionString: database.url, max: 20 })
  // A connection that a test has the gateway end is reported here as well as where it is used.
  pool.on('error', () => {})
  await pool.query('CREATE TABLE note (id int PRIMARY KEY, body text)')
})

afterAll(async () => {
  await pool.end()
  await database.close()
  await rm(directory, { recursive: true })
})

beforeEach(async () => {
  await pool.query('DELETE FROM note')
})

async function connect(options: pg.ClientConfig = {}): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.url, ...options })
  client.on('error', () => {})
  await client.connect()
  return client
}

async function notes(): Promise<number[]> {
  const { rows } = await pool.query<{ id: number }>('SELECT id FROM note ORDER BY id')
  return rows.map((row) => row.id)
}

describe('prepared statements', () => {
  it('of the same name on two connections are two statements', async () => {
    const [a, b] = await Promise.all([connect(), connect()])
    const ask = async (client: pg.Client, text: string) =>
      (await client.query({ name: 'same', text, values: [20] })).rows[0]
    for (let round = 0; round < 3; round++) {
      expect(await ask(a, 'SELECT $1::int + 1 AS sum')).toEqual({ sum: 21 })
      expect(await ask(b, 'SELECT $1::int + 2 AS sum')).toEqual({ sum: 22 })
    }
    await Promise.all([a.end(), b.end()])
  })

  it('go with the connection that made them', async () => {
    const count = async () => (await pool.query('SELECT name FROM pg_prepared_statements')).rows.length
    const before = await count()
    const client = await connect()
    await client.query({ name: 'one', text: 'SELECT 1' })
    await client.query({ name: 'two', text: 'SELECT 2' })
    expect(await count()).toBe(before + 2)
    await client.end()
    await eventually('the statements to go', async () => (await count()) === before)
  })

  it('without a name outlive the turns of other connections', async () => {
    const client = await WireClient.connect(database.url)
    await client.until('Z')
    client.send(message('P', '', 'SELECT 42', Buffer.alloc(2)), sync)
    expect(await client.until('Z')).toEqual(['1', 'Z:I'])
    await pool.query('SELECT $1::int', [7])
    client.send(bind(''), message('E', '', int32(0)), sync)
    expect(await client.until('Z')).toEqual(['2', 'D:42', 'C:SELECT 1', 'Z:I'])
    client.socket.destroy()
  })
})

describe('transactions', () => {
  it('of two clients that send at the same time run one after the other', async () => {
    const transfer = async (id: number) => {
      const client = await pool.connect()
      await client.query('BEGIN')
      const { rows } = await client.query<{ n: number }>('SELECT count(*)::int AS n FROM note')
      await client.query('INSERT INTO note VALUES ($1, $2)', [id, String(rows[0]?.n)])
      await client.query('COMMIT')
      client.release()
    }
    await Promise.all(Array.from({ length: 20 }, (_, id) => transfer(id)))
    const { rows } = await pool.query<{ body: string }>('SELECT body FROM note')
    const counted = rows.map((row) => Number(row.body)).sort((a, b) => a - b)
    expect(counted).toEqual(Array.from({ length: 20 }, (_, i) => i))
  })

  it('that are open are not seen, and others wait for them', async () => {
    const writer = await connect()
    await writer.query('BEGIN')
    await writer.query('INSERT INTO note VALUES (1)')
    const order: string[] = []
    const reading = notes().then((seen) => order.push(`read ${seen}`))
    await writer.query('INSERT INTO note VALUES (2)').then(() => order.push('second insert'))
    await writer.query('COMMIT').then(() => order.push('commit'))
    await reading
    expect(order).toEqual(['second insert', 'commit', 'read 1,2'])
    await writer.end()
  })

  it('that have failed refuse all until they are rolled back, and others do not notice', async () => {
    const client = await connect()
    await client.query('BEGIN')
    await client.query('INSERT INTO note VALUES (1)')
    await expect(client.query('INSERT INTO note VALUES ($1)', [1])).rejects.toMatchObject({ code: '23505' })
    await expect(client.query('SELECT $1::int', [1])).rejects.toMatchObject({ code: '25P02' })
    await client.query('ROLLBACK')
    expect(await notes()).toEqual([])
    await client.end()
  })

  it('are rolled back when their client drops, and the next one goes on', async () => {
    const client = await WireClient.connect(database.url)
    await client.until('Z')
    client.send(query('BEGIN; INSERT INTO note VALUES (1)'))
    await client.until('Z')
    const waiting = notes()
    client.socket.destroy()
    expect(await waiting).toEqual([])
  })

  it('are rolled back when their client drops between Execute and Sync', async () => {
    const client = await WireClient.connect(database.url)
    await client.until('Z')
    client.send(execute('INSERT INTO note VALUES (1)'), message('H'))
    expect(await client.until('C')).toEqual(['1', '2', 'C:INSERT 0 1'])
    client.socket.destroy()
    expect(await notes()).toEqual([])
  })

  it('that are left idle are ended after a time, and their connection with them', async () => {
    const client = await connect()
    const ended = once(client, 'error')
    await client.query('BEGIN; INSERT INTO note VALUES (1)')
    expect(await notes()).toEqual([])
    expect((await ended)[0]).toMatchObject({ code: '25P03' })
  })

  it('are given less time where the client asks for less', async () => {
    const client = await connect({ idle_in_transaction_session_timeout: 20 })
    const ended = once(client, 'error')
    await client.query('BEGIN')
    expect((await ended)[0].message).toContain('20 ms')
  })
})

describe('drivers', () => {
  it('@databases/pg runs transactions and streams with a cursor', async () => {
    const db = databases.default({ connectionString: database.url, bigIntMode: 'bigint' })
    await db.tx(async (tx) => {
      for (let id = 1; id <= 30; id++) await tx.query(sql`INSERT INTO note VALUES (${id})`)
    })
    const failing = db.tx(async (tx) => {
      await tx.query(sql`INSERT INTO note VALUES (31)`)
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    const seen: number[] = []
    for await (const { id } of db.queryStream(sql`SELECT id FROM note ORDER BY id`, { batchSize: 7 })) {
      seen.push(id)
    }
    expect(seen).toEqual(Array.from({ length: 30 }, (_, i) => i + 1))
    await db.dispose()
  })

  it('Kysely composes queries and transactions', async () => {
    const pools = new pg.Pool({ connectionString: database.url })
    const db = new Kysely<{ note: { id: number; body: string | null } }>({
      dialect: new PostgresDialect({ pool: pools }),
    })
    await db.transaction().execute(async (tx) => {
      await tx.insertInto('note').values({ id: 5, body: 'five' }).execute()
      await tx.updateTable('note').set({ body: 'FIVE' }).where('id', '=', 5).execute()
    })
    expect(await db.selectFrom('note').selectAll().execute()).toEqual([{ id: 5, body: 'FIVE' }])
    await db.destroy()
  })
})

describe('sizes', () => {
  it('a result of 10 MB arrives whole, in many rows and in one', async () => {
    const many = await pool.query("SELECT i, repeat('x', 1000) AS x FROM generate_series(1, 10000) i")
    expect(many.rows.at(-1)).toEqual({ i: 10_000, x: 'x'.repeat(1000) })
    const one = await pool.query<{ x: string }>("SELECT repeat('y', 10000000) AS x")
    expect(one.rows[0]?.x).toBe('y'.repeat(10_000_000))
  })

  it('a parameter of some megabytes arrives whole', async () => {
    const body = 'é'.repeat(2_000_000)
    await pool.query('INSERT INTO note VALUES (1, $1)', [body])
    const { rows } = await pool.query<{ body: string }>('SELECT body FROM note')
    expect(rows[0]?.body === body).toBe(true)
  })

  it('a client that does not read is answered no further, and hinders nobody', async () => {
    await pool.query('CREATE SEQUENCE asked')
    const slow = await WireClient.connect(database.url)
    await slow.until('Z')
    slow.socket.pause()
    const each = query("SELECT nextval('asked'), repeat('z', 2000000)")
    slow.send(...Array.from({ length: 20 }, () => each))
    const asked = async () => Number((await pool.query('SELECT last_value FROM asked')).rows[0]?.last_value)
    for (let i = 0; i < 50; i++) expect(await asked()).toBeLessThan(3)
    slow.socket.resume()
    for (let i = 0; i < 20; i++) expect(await slow.until('Z')).toHaveLength(4)
    expect(await asked()).toBe(20)
    slow.socket.destroy()
  })
})

describe('what the shared session cannot bear', () => {
  const refused = { code: '0A000', message: expect.stringContaining('embedded database') }

  it.each(['COPY note FROM STDIN', 'COPY note TO STDOUT', 'SET search_path TO other', 'DISCARD ALL'])(
    '%s is refused in both protocols, and the connection goes on',
    async (text) => {
      const client = await connect()
      await expect(client.query(text)).rejects.toMatchObject(refused)
      await expect(client.query({ text, name: 'refused' })).rejects.toMatchObject(refused)
      expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
      await client.end()
    },
  )

  it('is refused with all that was sent in one text with it', async () => {
    const client = await connect()
    await expect(client.query('INSERT INTO note VALUES (1); COPY note FROM STDIN')).rejects.toThrow('COPY')
    expect(await notes()).toEqual([])
    await client.end()
  })

  it('aborts the transaction in which it is refused, as any error does', async () => {
    const client = await connect()
    await client.query('BEGIN; INSERT INTO note VALUES (1)')
    await expect(client.query('SET x.y = 1')).rejects.toMatchObject(refused)
    await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '25P02' })
    expect((await client.query('COMMIT')).command).toBe('ROLLBACK')
    expect(await notes()).toEqual([])
    await client.end()
  })

  it('undoes what was executed before it up to the same Sync', async () => {
    const client = await WireClient.connect(database.url)
    await client.until('Z')
    client.send(execute('INSERT INTO note VALUES (1)'), execute('COPY note FROM STDIN'), sync)
    expect(await client.until('Z')).toEqual(['1', '2', 'C:INSERT 0 1', 'E:0A000', 'Z:I'])
    expect(await notes()).toEqual([])
    client.socket.destroy()
  })

  it('is refused among the settings of a connection, with the name of the setting', async () => {
    await expect(connect({ options: '-c search_path=other' })).rejects.toThrow('options')
    const client = await WireClient.connect(database.url, { client_encoding: 'latin1' })
    expect(await client.until('E')).toEqual(['E:0A000'])
  })

  it('has a local form that ends with its transaction', async () => {
    const client = await connect()
    await client.query("BEGIN; SET LOCAL search_path TO other; SELECT set_config('a.b', 'c', true)")
    await expect(client.query('SELECT * FROM note')).rejects.toMatchObject({ code: '42P01' })
    await client.query('ROLLBACK')
    expect(await notes()).toEqual([])
    await client.end()
  })

  it('is not the depth of a recursion, which is an error', async () => {
    await pool.query(
      'CREATE FUNCTION deep(i int) RETURNS int LANGUAGE plpgsql AS $$BEGIN RETURN deep(i + 1); END$$',
    )
    await expect(pool.query('SELECT deep(1)')).rejects.toMatchObject({ code: '54001' })
    expect(await notes()).toEqual([])
  })
})

describe('the extended protocol', () => {
  it('gives rows in portions and keeps the backend until Sync', async () => {
    const client = await WireClient.connect(database.url)
    await client.until('Z')
    client.send(execute('SELECT generate_series(1, 3)', { rows: 2 }), message('H'))
    expect(await client.until('s')).toEqual(['1', '2', 'D:1', 'D:2', 's'])
    const other = pool.query('SELECT 1')
    client.send(message('E', '', int32(2)), sync)
    expect(await client.until('Z')).toEqual(['D:3', 'C:SELECT 1', 'Z:I'])
    await other
    client.socket.destroy()
  })

  it('says ReadyForQuery once after an error, and skips to the Sync', async () => {
    const client = await WireClient.connect(database.url)
    await client.until('Z')
    client.send(execute('SELECT 1/0'), execute('SELECT 1'), sync, execute('SELECT 2'), sync)
    expect(await client.until('Z')).toEqual(['1', 'E:22012', 'Z:I'])
    expect(await client.until('Z')).toEqual(['1', '2', 'D:2', 'C:SELECT 1', 'Z:I'])
    client.send(execute('SELECT 1/0'), message('H'))
    expect(await client.until('E')).toEqual(['1', 'E:22012'])
    client.send(sync)
    expect(await client.until('Z')).toEqual(['Z:I'])
    client.socket.destroy()
  })

  it('is ended where it is not spoken, and for that connection alone', async () => {
    const client = await WireClient.connect(database.url)
    await client.until('Z')
    client.send(message('?', 'what'))
    expect(await client.until('E')).toEqual(['E:08P01'])
    await once(client.socket, 'close')
    expect(await notes()).toEqual([])
  })
})

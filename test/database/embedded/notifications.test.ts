/** LISTEN and NOTIFY: one backend session stands behind all connections, and each hears what it asked for. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import pgListen from 'pg-listen'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EmbeddedDatabase, openEmbedded } from '#database/embedded.ts'
import { eventually } from '../../support/eventually.ts'
import { execute, query, sync, WireClient } from './wire-client.ts'

let directory: string
let database: EmbeddedDatabase
let pool: pg.Pool

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipstream-embedded-'))
  database = await openEmbedded({ directory })
  pool = new pg.Pool({ connectionString: database.url })
})

afterAll(async () => {
  await pool.end()
  await database.close()
  await rm(directory, { recursive: true })
})

interface Listener {
  readonly client: pg.Client
  readonly heard: string[]
}

async function listener(...statements: string[]): Promise<Listener> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const heard: string[] = []
  client.on('notification', ({ channel, payload }) => heard.push(`${channel} ${payload}`))
  for (const statement of statements) await client.query(statement)
  return { client, heard }
}

async function notify(channel: string, payload: string): Promise<void> {
  await pool.query('SELECT pg_notify($1, $2)', [channel, payload])
}

/** A notification to everybody's own last channel: what was to come before it has come. */
async function settled(...listeners: Listener[]): Promise<void> {
  for (const each of listeners) await each.client.query('LISTEN settled')
  await notify('settled', 'now')
  for (const { heard } of listeners) {
    await eventually('the last notification', () => heard.at(-1) === 'settled now')
    heard.pop()
  }
}

describe('a notification', () => {
  it('goes to every connection that listens to its channel, and to no other', async () => {
    const a = await listener('LISTEN one')
    const b = await listener('LISTEN one', 'LISTEN two')
    const c = await listener('LISTEN two')
    await notify('one', '1')
    await notify('two', '2')
    await settled(a, b, c)
    expect([a.heard, b.heard, c.heard]).toEqual([['one 1'], ['one 1', 'two 2'], ['two 2']])
    await Promise.all([a.client.end(), b.client.end(), c.client.end()])
  })

  it('comes when its transaction commits, and not when it is rolled back', async () => {
    const a = await listener('LISTEN one')
    const sender = await pool.connect()
    await sender.query('BEGIN')
    await sender.query("NOTIFY one, 'lost'")
    await sender.query('ROLLBACK')
    await sender.query('BEGIN')
    await sender.query("NOTIFY one, 'kept'")
    expect(a.heard).toEqual([])
    await sender.query('COMMIT')
    sender.release()
    await settled(a)
    expect(a.heard).toEqual(['one kept'])
    await a.client.end()
  })

  it('reaches its own sender before it is ready again, but only where that one listens', async () => {
    const client = await WireClient.connect(database.url)
    await client.until('Z')
    client.send(query("LISTEN own; NOTIFY own, 'me'"))
    expect(await client.until('Z')).toEqual(['C:LISTEN', 'C:NOTIFY', 'A', 'Z:I'])
    client.send(execute('NOTIFY own'), sync)
    expect(await client.until('Z')).toEqual(['1', '2', 'C:NOTIFY', 'A', 'Z:I'])
    const deaf = await WireClient.connect(database.url)
    await deaf.until('Z')
    deaf.send(query('NOTIFY own'))
    expect(await deaf.until('Z')).toEqual(['C:NOTIFY', 'Z:I'])
    expect(await client.until('A')).toEqual(['A'])
    client.socket.destroy()
    deaf.socket.destroy()
  })

  it('reaches a listener in the middle of a burst of its own queries, between two answers', async () => {
    const client = await WireClient.connect(database.url)
    await client.until('Z')
    client.send(query('LISTEN burst'))
    await client.until('Z')
    client.send(...Array.from({ length: 50 }, (_, i) => query(`SELECT ${i}`)))
    await Promise.all(Array.from({ length: 50 }, (_, i) => notify('burst', String(i))))
    client.send(query('NOTIFY burst'))
    const said: string[] = []
    for (let i = 0; i < 51; i++) said.push(...(await client.until('Z')))
    const answers = Array.from({ length: 50 }, (_, i) => ['T', `D:${i}`, 'C:SELECT 1', 'Z:I'])
    expect(said.filter((each) => each !== 'A')).toEqual([...answers.flat(), 'C:NOTIFY', 'Z:I'])
    expect(said.filter((each) => each === 'A')).toHaveLength(51)
    client.socket.destroy()
  })

  it('is heard through pg-listen', async () => {
    const subscriber = pgListen.default({ connectionString: database.url })
    const heard: unknown[] = []
    subscriber.notifications.on('rides', (payload) => heard.push(payload))
    await subscriber.connect()
    await subscriber.listenTo('rides')
    await subscriber.notify('rides', { head: 7 })
    await notify('rides', '{"head":8}')
    await eventually('both notifications', () => heard.length === 2)
    expect(heard).toEqual([{ head: 7 }, { head: 8 }])
    await subscriber.close()
  })
})

describe('listening', () => {
  it('ends for one connection without deafening another', async () => {
    const a = await listener('LISTEN one')
    const b = await listener('LISTEN one')
    const c = await listener('LISTEN one', 'LISTEN two')
    const d = await listener('LISTEN one')
    await a.client.query('UNLISTEN one')
    await c.client.query('UNLISTEN *')
    await d.client.end()
    await notify('one', '1')
    await notify('two', '2')
    await settled(a, b, c)
    expect([a.heard, b.heard, c.heard, d.heard]).toEqual([[], ['one 1'], [], []])
    await Promise.all([a.client.end(), b.client.end(), c.client.end()])
  })

  it('begins and ends when the transaction commits that says so, not when it is rolled back', async () => {
    const a = await listener('BEGIN', 'LISTEN one', 'ROLLBACK', 'BEGIN; LISTEN two; COMMIT')
    await a.client.query('BEGIN; UNLISTEN two; ROLLBACK')
    await expect(a.client.query('LISTEN three; SELECT 1/0')).rejects.toMatchObject({ code: '22012' })
    const b = await listener('LISTEN one', 'LISTEN three')
    for (const channel of ['one', 'two', 'three']) await notify(channel, '')
    await settled(a, b)
    expect([a.heard, b.heard]).toEqual([['two '], ['one ', 'three ']])
    await Promise.all([a.client.end(), b.client.end()])
  })

  it('knows quoted and unquoted names apart as PostgreSQL does', async () => {
    const a = await listener('LISTEN Mixed', 'LISTEN "Mixed"; LISTEN "with ""quote"" ; semicolon"')
    await notify('mixed', '1')
    await notify('Mixed', '2')
    await notify('with "quote" ; semicolon', '3')
    await settled(a)
    expect(a.heard).toEqual(['mixed 1', 'Mixed 2', 'with "quote" ; semicolon 3'])
    await a.client.end()
  })

  it('by nobody leaves no channel behind', async () => {
    const a = await listener('LISTEN alone', 'LISTEN "al""so"')
    await a.client.end()
    await eventually('the channels to go', async () => {
      const { rows } = await pool.query("SELECT c FROM pg_listening_channels() c WHERE c LIKE 'al%'")
      return rows.length === 0
    })
  })
})

/** A database directory: one owner, any number of guests, and what is left when the owner dies. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { takeLock } from '#database/embedded/lock.ts'
import { socketPath } from '#database/embedded/socket.ts'
import { type EmbeddedDatabase, openEmbedded } from '#database/embedded.ts'

let directory: string
const processes: ChildProcess[] = []

beforeEach(async () => {
  // Named like a socket's temporary directory, which is cleared away: a data directory never is, whatever its name.
  directory = await mkdtemp(join(tmpdir(), 'slipstream-socket-'))
})

afterEach(async () => {
  for (const child of processes.splice(0)) {
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL'))
      await once(child, 'exit')
  }
  await rm(directory, { recursive: true })
})

function user(first: number, count: number): { child: ChildProcess; lines: AsyncIterable<string> } {
  const script = fileURLToPath(new URL('./directory-user.ts', import.meta.url))
  const child = spawn(process.execPath, [script, directory, String(first), String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  processes.push(child)
  return { child, lines: createInterface(child.stdout) }
}

async function pairs(database: EmbeddedDatabase): Promise<Map<number, number>> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const { rows } = await client.query<{ number: number; halves: number }>(
    'SELECT number, count(*)::int AS halves FROM pair GROUP BY number',
  )
  await client.end()
  return new Map(rows.map(({ number, halves }) => [number, halves]))
}

it('a second process uses the database of the first, and the files are for their owner alone', async () => {
  const owner = await openEmbedded({ directory })
  expect(owner.owner).toBe(true)
  const { child, lines } = user(1, 40)
  const said: string[] = []
  for await (const line of lines) said.push(line)
  expect(child.exitCode ?? (await once(child, 'exit'))[0]).toBe(0)
  expect(said[0]).toBe('guest')
  expect((await pairs(owner)).size).toBe(40)
  expect((await stat(directory)).mode & 0o777).toBe(0o700)
  expect((await stat(socketPath(directory))).mode & 0o777).toBe(0o600)

  const again = await openEmbedded({ directory })
  expect(again.owner).toBe(false)
  expect((await pairs(again)).size).toBe(40)
  await again.close()
  expect((await pairs(owner)).size).toBe(40)
  let failed: Error | undefined
  void owner.failed.then((reason) => {
    failed = reason
  })
  await owner.close()
  await owner.close()
  await setImmediate()
  expect(failed).toBeUndefined()
  expect((await readdir(directory)).sort()).toEqual(['lock', 'postgres'])
})

it('what was acknowledged is there after kill -9 of the owner, and nothing by half', async () => {
  const { child, lines } = user(1, 1_000_000)
  const acknowledged: number[] = []
  for await (const line of lines) {
    if (line === 'owner') continue
    acknowledged.push(Number(line))
    if (acknowledged.length === 300) child.kill('SIGKILL')
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(300)
  const progress: string[] = []
  const database = await openEmbedded({ directory, onProgress: (sentence) => progress.push(sentence) })
  expect(database.owner).toBe(true)
  expect(progress[0]).toContain('Opening the database')
  expect(progress.join(' ')).toContain('not a power cut')
  const found = await pairs(database)
  expect(acknowledged.filter((number) => found.get(number) !== 2)).toEqual([])
  expect([...found].filter(([, halves]) => halves !== 2)).toEqual([])
  await database.close()
})

it('a creation that was interrupted is begun anew, where the path is too long for a socket too', async () => {
  const deep = join(directory, 'x'.repeat(60), 'y'.repeat(60))
  const interrupt = new AbortController()
  const interrupted = openEmbedded({
    directory: deep,
    signal: interrupt.signal,
    onProgress: () => interrupt.abort(new Error('enough')),
  })
  await expect(interrupted).rejects.toThrow('enough')
  expect((await readdir(deep)).sort()).toEqual(['creating', 'lock'])
  await mkdir(join(deep, 'postgres'))
  await writeFile(join(deep, 'postgres', 'PG_VERSION'), '18')
  const owner = await openEmbedded({ directory: deep })
  const guest = await openEmbedded({ directory: deep })
  expect(guest).toMatchObject({ owner: false, url: owner.url })
  const client = new pg.Client({ connectionString: guest.url })
  await client.connect()
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  const errors: Error[] = []
  client.on('error', (error) => errors.push(error))
  const ended = Promise.withResolvers<void>()
  client.on('end', ended.resolve)
  await client.query('BEGIN')
  await owner.close()
  await ended.promise
  expect(errors[0]).toMatchObject({ code: '57P01' })
  const socketDirectory = decodeURIComponent(new URL(owner.url).hostname)
  await expect(access(socketDirectory)).rejects.toMatchObject({ code: 'ENOENT' })
})

it('is locked once at a time, within a process too', () => {
  const path = join(directory, 'lock')
  const first = takeLock(path)
  expect(takeLock(path)).toBeUndefined()
  expect(takeLock(path)).toBeUndefined()
  first?.release()
  const second = takeLock(path)
  expect(second).toBeDefined()
  second?.release()
})

it('opening waits for the owner of the lock until it is told to give up', async () => {
  const lock = takeLock(join(directory, 'lock'))
  const giveUp = new AbortController()
  const opening = openEmbedded({
    directory,
    signal: giveUp.signal,
    onProgress: () => giveUp.abort(new Error('enough')),
  })
  await expect(opening).rejects.toThrow('enough')
  lock?.release()
})

it('that cannot be opened is said so, and its lock is given back', async () => {
  await mkdir(join(directory, 'postgres'))
  await writeFile(join(directory, 'postgres', 'PG_VERSION'), '9')
  takeLock(join(directory, 'lock'))?.release()
  await expect(openEmbedded({ directory })).rejects.toThrow(
    `The database in ${directory} could not be opened`,
  )
  const lock = takeLock(join(directory, 'lock'))
  expect(lock).toBeDefined()
  lock?.release()
})

it.each([
  ['is a file', () => file('taken'), /taken: that is a file, not a directory\. Set DATA_DIR/],
  ['would be below a file', async () => join(await file('taken'), 'data'), /a part of that path is a file/],
])('that %s is refused at once, with what to do', async (_, path, reason) => {
  await expect(openEmbedded({ directory: await path() })).rejects.toThrow(reason)
})

// Where the system's word for no is an odd one, or a superuser hears it too.
it.runIf(process.platform === 'linux').each([
  ['/proc/nope', /kept in \/proc\/nope: no directory can be made there\. Set DATA_DIR/],
  ['/proc/nope/deeper/still', /kept in \/proc\/nope\/deeper\/still: no directory/],
  ['/proc/self', /kept in \/proc\/self: it holds other files\. Set DATA_DIR/],
])('that nobody may write, such as %s, is refused at once, with what to do', async (path, reason) => {
  await expect(openEmbedded({ directory: path })).rejects.toThrow(reason)
})

it('that holds other files is refused and left as it was', async () => {
  const home = join(directory, 'home')
  await mkdir(home, { mode: 0o755 })
  await writeFile(join(home, 'letter.txt'), '')
  await expect(openEmbedded({ directory: home })).rejects.toThrow(
    /it holds other files\. Set DATA_DIR to an empty directory/,
  )
  expect((await stat(home)).mode & 0o777).toBe(0o755)
  expect(await readdir(home)).toEqual(['letter.txt'])
})

async function file(name: string): Promise<string> {
  const path = join(directory, name)
  await writeFile(path, '')
  return path
}

it('whose files vanish under it fails with a reason', async () => {
  const database = await openEmbedded({ directory })
  const client = new pg.Client({ connectionString: database.url })
  client.on('error', () => {})
  const dropped = Promise.withResolvers<void>()
  client.on('end', dropped.resolve)
  await client.connect()
  await rm(join(directory, 'postgres', 'pg_wal'), { recursive: true })
  client.query('SELECT pg_switch_wal(); CREATE TABLE t (i int); CHECKPOINT').catch(() => {})
  expect((await database.failed).message).toContain('stopped')
  await dropped.promise
  await database.close()
})

/**
 * A throw-away PostgreSQL of a test's own, which may be killed: unlike the one of TEST_DATABASE_URL it keeps its promises
 * on disk (fsync), so that what it acknowledged can be looked for after kill -9.
 */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { eventually } from './eventually.ts'
import { freePort } from './free-port.ts'

export interface Cluster extends AsyncDisposable {
  /** The same after a restart. */
  readonly port: number
  /** To its database `postgres`, as superuser. */
  readonly url: string
  /** False where it has ended, also by itself. */
  isRunning(): boolean
  /** SIGKILL to the postmaster and all its children at once: a crash, with nothing written on the way down. */
  kill9(): Promise<void>
  /** As an operator stops it: it lets go of everybody, and writes down what it has. */
  stop(): Promise<void>
  /** SIGSTOP to all of its processes: it is there, and answers nothing. */
  freeze(): void
  thaw(): void
  /** Starts it again, killing it first where it still runs, and waits until it has recovered and answers. */
  restart(): Promise<void>
  /** Its own directory, which is the server's user's: what is put in it is gone with the cluster. */
  readonly directory: string
  /** Its data directory. */
  readonly data: string
  /** Runs one of PostgreSQL's programs (pg_ctl, pg_basebackup) as the user whose server it is. */
  program(name: string, args: readonly string[]): Promise<void>
  /** Another cluster that follows this one and can be read: a streaming replica, made from a base backup. */
  standby(): Promise<Standby>
}

export interface Standby extends Cluster {
  /** Makes it a primary, on a timeline of its own, as a failover does. */
  promote(): Promise<void>
}

/** Where PostgreSQL's programs are, or undefined: then nothing here can run. */
export function findPostgres(): string | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).map(Number).filter(Number.isInteger) : []
  const candidates = [
    ...versions.sort((a, b) => b - a).map((version) => join(debian, String(version), 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ]
  return candidates.find((path) => existsSync(join(path, 'initdb')) && existsSync(join(path, 'postgres')))
}

export interface ClusterOptions {
  /** Of the server, instead of those that make it small and its recovery short. */
  readonly settings?: Readonly<Record<string, string | number>>
}

/** A cluster whose data directory this program of PostgreSQL makes, or `cp`, as an operator who brings back a backup does. */
export function clusterMadeBy(
  made: (data: string) => readonly [string, ...string[]],
  { settings = {} }: ClusterOptions = {},
): Promise<Standby> {
  return openCluster(made, { ...small, ...settings })
}

export function startCluster({ settings = small }: ClusterOptions = {}): Promise<Cluster> {
  const flags = ['-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync']
  return openCluster((data) => ['initdb', '-D', data, ...flags], settings)
}

/** Recovery needs what was written before the crash, so fsync stays on; the rest is made small. */
const small = {
  max_connections: 300,
  shared_buffers: '64MB',
  max_wal_size: '256MB',
  checkpoint_timeout: '30s',
} as const

/** A cluster of the directory that the given program of PostgreSQL makes. */
async function openCluster(
  made: (data: string) => readonly [string, ...string[]],
  chosen: Readonly<Record<string, string | number>>,
): Promise<Standby> {
  const programs = findPostgres()
  if (programs === undefined) {
    throw new Error('PostgreSQL is not installed. On Debian: apt-get install postgresql-15-postgis-3')
  }
  const owner = ownerOf()
  const directory = await mkdtemp(join(tmpdir(), 'slipstream-cluster-'))
  if (owner.uid !== undefined) await chown(directory, owner.uid, owner.gid)
  const data = join(directory, 'data')
  const port = await freePort()
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  let postmaster: ChildProcess | undefined
  let frozen: readonly number[] = []
  let said = ''

  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: directory,
    log_min_messages: 'fatal',
    ...chosen,
  }

  async function start(): Promise<void> {
    const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const child = spawn(join(programs!, 'postgres'), ['-D', data, ...options], {
      ...owner,
      cwd: directory,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    postmaster = child
    running.set(child, directory)
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000)
    })
    await eventually(
      'PostgreSQL to answer',
      () => {
        if (hasEnded(child)) throw new Error(`It ended.\n${said}`)
        return answers(url)
      },
      { withinMs: 60_000 },
    )
  }

  async function kill9(): Promise<void> {
    const child = postmaster
    if (child === undefined || hasEnded(child)) return
    const ended = once(child, 'exit')
    const pids = killAll(child)
    await ended
    // A new postmaster refuses to start while a child of the old one holds the shared memory.
    await eventually('all of its processes to be gone', () => !pids.some(isAlive))
    running.delete(child)
  }

  /** Runs one of PostgreSQL's programs. */
  async function program(name: string, args: readonly string[]): Promise<void> {
    const own = join(programs!, name)
    await promisify(execFile)(existsSync(own) ? own : name, args, { ...owner, cwd: directory })
  }

  const cluster: Standby = {
    port,
    url,
    directory,
    data,
    program,
    isRunning: () => postmaster !== undefined && !hasEnded(postmaster),
    kill9,
    async stop() {
      await program('pg_ctl', ['stop', '--mode=fast', '--wait', '-D', data])
      if (postmaster !== undefined) running.delete(postmaster)
    },
    freeze() {
      frozen = processesOf(postmaster)
      for (const pid of frozen) signal(pid, 'SIGSTOP')
    },
    thaw() {
      for (const pid of frozen) signal(pid, 'SIGCONT')
    },
    async restart() {
      await kill9()
      await start()
    },
    standby() {
      const flags = ['--write-recovery-conf', '--checkpoint=fast', '--no-sync']
      return openCluster((copy) => ['pg_basebackup', '-D', copy, '-d', url, ...flags], chosen)
    },
    promote: () => program('pg_ctl', ['promote', '--wait', '-D', data]),
    async [Symbol.asyncDispose]() {
      await kill9()
      await rm(directory, { recursive: true, force: true })
    },
  }
  try {
    const [name, ...args] = made(data)
    await program(name, args)
    await start()
    return cluster
  } catch (error) {
    await cluster[Symbol.asyncDispose]()
    throw error
  }
}

/** PostgreSQL does not run as root: then it runs as the user that its package makes. */
function ownerOf(): { uid: number; gid: number } | { uid?: undefined; gid?: undefined } {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

const running = new Map<ChildProcess, string>()

// A test process that ends in the middle runs no hook.
process.once('exit', () => {
  for (const [child, directory] of running) {
    if (!hasEnded(child)) killAll(child)
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 })
  }
})

/** Stops the postmaster first, so that it starts no other child meanwhile, then kills all. Gives their ids. */
function killAll(postmaster: ChildProcess): number[] {
  const { pid } = postmaster
  if (pid === undefined) return []
  postmaster.kill('SIGSTOP')
  const pids = [pid, ...childrenOf(pid)]
  for (const each of pids) signal(each, 'SIGKILL')
  return pids
}

/** The postmaster first, which starts no other once it is stopped. */
function processesOf(postmaster: ChildProcess | undefined): number[] {
  const pid = postmaster?.pid
  return pid === undefined ? [] : [pid, ...childrenOf(pid)]
}

/** From /proc, because a small Debian has no ps. */
function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && statusOf(pid)?.parent === parent)
}

/** A zombie is gone, though nobody may have come to collect it. */
function isAlive(pid: number): boolean {
  const status = statusOf(pid)
  return status !== undefined && status.state !== 'Z'
}

function statusOf(pid: number): { readonly state: string | undefined; readonly parent: number } | undefined {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return undefined
  }
  // The name in brackets before them may hold anything.
  const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { state, parent: Number(parent) }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended by itself.
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query('select 1')
    return true
  } finally {
    await client.end()
  }
}

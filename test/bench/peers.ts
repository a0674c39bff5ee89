/** The programs that the product is compared with: a directory of servers, which is copied and left as it is. */
import { execFile } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort } from '../support/free-port.ts'
import { statement } from '../support/statement.ts'
import type { Postgres } from './postgres.ts'
import { outputOf, type ServerProcess, startServer } from './processes.ts'

export interface Peer extends ServerProcess {
  readonly port: number
}

export interface Peers extends AsyncDisposable {
  /** With the tables of their schema.sql. */
  readonly databaseUrl: string
  /** Starts one of their servers, and waits until it is up. They end by themselves after two minutes. */
  start(name: string, env?: Readonly<Record<string, string>>): Promise<Peer>
  /** Starts a server of test/bench/peers among them, where it finds their packages. */
  startOwn(file: string, env: Readonly<Record<string, string>>): Promise<Peer>
  /** Runs a program of test/bench/peers among them, and gives what it printed, which is JSON. */
  run(file: string, env: Readonly<Record<string, string>>): Promise<unknown>
}

const needed = ['package.json', 'servers.mjs', 'schema.sql']
const own = new URL('peers/', import.meta.url)

/** PostGraphile listens before it has read its schema. */
const settlingMs: Readonly<Record<string, number>> = { postgraphile: 4_000 }

/** A string says what is wrong with the directory. */
export async function openPeers(
  given: string,
  postgres: Postgres,
  say: (text: string) => void,
): Promise<Peers | string> {
  const source = resolve(given)
  const missing = needed.filter((file) => !existsSync(join(source, file)))
  if (missing.length > 0) return `--peers ${given} has no ${missing.join(', ')}.`
  await using opening = new AsyncDisposableStack()
  const directory = await mkdtemp(join(tmpdir(), 'slipstream-peers-'))
  const remove = () => rmSync(directory, { recursive: true, force: true })
  process.once('exit', remove)
  opening.defer(remove)
  for (const name of readdirSync(source)) {
    if (name !== 'node_modules') cpSync(join(source, name), join(directory, name))
  }
  cpSync(own, directory, { recursive: true })
  const modules = join(source, 'node_modules')
  if (existsSync(modules)) symlinkSync(modules, join(directory, 'node_modules'))
  else {
    say('Installing the programs to compare with …')
    await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund'], { cwd: directory })
  }
  const databaseUrl = await postgres.database()
  await statement(databaseUrl, readFileSync(join(directory, 'schema.sql'), 'utf8'))

  async function start(args: readonly [string, ...string[]], env: Readonly<Record<string, string>>) {
    const port = await freePort()
    const server = await startServer(args, {
      directory,
      env: { DATABASE_URL: databaseUrl, PEER_PORT: String(port), ...env },
    })
    return { ...server, port }
  }
  const open = opening.move()
  return {
    databaseUrl,
    async start(name, env = {}) {
      const peer = await start(['servers.mjs', name], env)
      await pause(settlingMs[name] ?? 500)
      return peer
    },
    startOwn: (file, env) => start([file], env),
    async run(file, env) {
      return JSON.parse(await outputOf([file], { directory, env: { DATABASE_URL: databaseUrl, ...env } }))
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}

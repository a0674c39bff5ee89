/**
 * The whole product as its users run it, in a process of its own: what a signal, a crash or a restart does to it can
 * be seen in no other way.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { databaseServer, freshDatabase } from './database.ts'
import { eventually } from './eventually.ts'
import { freePort } from './free-port.ts'
import { nodeFlags } from './node-flags.ts'

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Product extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`, the same after a restart. */
  readonly url: string
  /** The process id of the run under way. */
  readonly pid: number
  /** Of its database, also of an embedded one while it runs. */
  databaseUrl(): Promise<string>
  /** What all runs have printed so far, both streams together. */
  output(): string
  /** Asks it to end (SIGINT unless told otherwise, as Ctrl-C does) and gives how it ended. */
  stop(signal?: NodeJS.Signals): Promise<Exit>
  /** SIGKILL: what a power cut to the process alone looks like. */
  kill(): Promise<void>
  /** Starts it again on the same data and port, stopping it first where it still runs. */
  restart(): Promise<void>
}

export interface ProductOptions {
  /** Of the test's own environment the product gets what `inherited` lists, and this. */
  readonly env?: Readonly<Record<string, string>>
  readonly role?: 'all' | 'api' | 'worker'
  /** The directory of another version of the program (program-copy.ts); this one where left out. */
  readonly program?: string
}

/**
 * Starts the product on a free port (or on PORT in `env`) and waits until it is ready. Without DATABASE_URL or DATA_DIR in `env` it has a
 * database of its own: a fresh one on a real PostgreSQL where the run has that, else an embedded one in a throw-away
 * directory (about 11 s). It ends with the test file, or when disposed of.
 */
export async function startProduct({ env = {}, role, program }: ProductOptions = {}): Promise<Product> {
  const port = env['PORT'] === undefined ? await freePort() : Number(env['PORT'])
  const url = `http://127.0.0.1:${port}`
  const own =
    env['DATABASE_URL'] === undefined && env['DATA_DIR'] === undefined ? await ownDatabase() : undefined
  const environment: NodeJS.ProcessEnv = {
    ...inherited(),
    PORT: String(port),
    ...(role === undefined ? {} : { ROLE: role }),
    ...own?.env,
    ...env,
  }
  let printed = ''

  const start = async (): Promise<ChildProcess> => {
    const child = spawn(process.execPath, [...nodeFlags, 'src/main.ts'], {
      cwd: program ?? root,
      env: environment,
      stdio: 'pipe',
    })
    running.add(child)
    child.once('exit', () => running.delete(child))
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        printed += text
      })
    }
    // Nothing is typed at it, and a closed input must not end it.
    child.stdin?.end()
    try {
      await ready(url, child)
      return child
    } catch (error) {
      await end(child, 'SIGKILL')
      const reason = error instanceof Error ? error.message : String(error)
      throw new Error(`The product did not start: ${reason}\n${printed}`, { cause: error })
    }
  }

  let child: ChildProcess
  try {
    child = await start()
  } catch (error) {
    await own?.[Symbol.asyncDispose]()
    throw error
  }
  const product: Product = {
    url,
    get pid() {
      return child.pid ?? 0
    },
    databaseUrl: async () => environment['DATABASE_URL'] ?? embeddedUrl(environment['DATA_DIR'] ?? '.data'),
    output: () => printed,
    stop: (signal = 'SIGINT') => end(child, signal),
    kill: async () => {
      await end(child, 'SIGKILL')
    },
    restart: async () => {
      await end(child, 'SIGINT')
      child = await start()
    },
    [Symbol.asyncDispose]: async () => {
      started.delete(product)
      await end(child, 'SIGKILL')
      await own?.[Symbol.asyncDispose]()
    },
  }
  started.add(product)
  return product
}

/** Added to a product's `env`, people sign in to it and programs bring keys (`asRider` in riders.ts). */
export const withSignIn = { AUTH_SECRET: 'for tests only, and long enough for them' } as const

/** Ends every product that the test file started and did not dispose of, whatever state it is in. */
export async function endProducts(): Promise<void> {
  await Promise.all([...started].map((product) => product[Symbol.asyncDispose]()))
}

const root = new URL('../..', import.meta.url)
const started = new Set<Product>()
const running = new Set<ChildProcess>()

// A test process that ends in the middle of a test (a time-out of its pool, an uncaught exception) runs no hook.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

interface OwnDatabase extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>
}

async function ownDatabase(): Promise<OwnDatabase> {
  const server = databaseServer()
  if (server?.kind === 'postgres') {
    const database = await freshDatabase()
    return {
      env: { DATABASE_URL: database.url },
      [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
    }
  }
  const directory = await mkdtemp(join(tmpdir(), 'slipstream-product-'))
  if (server?.kind === 'embedded') await cp(server.template, directory, { recursive: true })
  return {
    env: { DATA_DIR: directory },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  }
}

async function embeddedUrl(directory: string): Promise<string> {
  const { openEmbedded } = await import('#database/embedded.ts')
  // Held by the product: this only finds its socket.
  return (await openEmbedded({ directory })).url
}

function inherited(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'NODE_COMPILE_CACHE']
  return Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  await eventually(
    `${url}/readyz to answer 200`,
    async () => {
      if (hasEnded(child)) return true
      const response = await fetch(`${url}/readyz`)
      await response.body?.cancel()
      return response.status === 200
    },
    { withinMs: 60_000, everyMs: 50 },
  )
  if (hasEnded(child)) throw new Error(`it ended with ${child.exitCode ?? child.signalCode}`)
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<Exit> {
  if (!hasEnded(child)) child.kill(signal)
  // What it said last may still be on its way when it has ended, and is the reason why.
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null && !stream.closed) await once(stream, 'close')
  }
  if (!hasEnded(child)) await once(child, 'exit')
  return { code: child.exitCode, signal: child.signalCode }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

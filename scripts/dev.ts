/**
 * `npm run dev`: the server starts again on a change in `src/` or `db/`, the page changes under the hand that edits
 * it, and one address shows both.
 *
 * Vite listens at PORT, serves the page and passes on to the server, which listens at a port that is free, what belongs
 * to it, so that the page speaks to its own origin as it does in production. The embedded database is held open here and
 * given to the server as any other: it starts again in a second, where opening it would take three.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import { createServer, type ProxyOptions, type ViteDevServer } from 'vite'
import { type Config, readConfig } from '../src/config.ts'
import type { EmbeddedDatabase } from '../src/database/embedded.ts'

const root = join(import.meta.dirname, '..')
const { port, databaseUrl, dataDirectory } = configOrLeave()
const address = `http://127.0.0.1:${port}`
await freeOrLeave()
const database = databaseUrl === undefined ? await embeddedDatabase() : undefined
const serverPort = await freePort(0)
const server = `http://127.0.0.1:${serverPort}`
const page = await startPage()
const watcher = startServer()

/** The first signal ends everything in reverse; a second one finds the default again and ends this at once. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void end(0))
watcher.once('exit', (code) => void end(code ?? 1))
database?.failed.then((reason) => {
  console.error(`The embedded database has stopped: ${reason.message}`)
  return end(1)
})

function configOrLeave(): Config {
  const reading = readConfig(process.env)
  if (reading.outcome === 'read') return reading.config
  return leave(`The environment is not right:\n${reading.faults.map((fault) => `  ${fault}`).join('\n')}`)
}

/** Asked before all else, so that nothing is opened in vain. */
async function freeOrLeave(): Promise<void> {
  try {
    await freePort(port)
  } catch (error) {
    leave(
      `Cannot listen at ${address} (${reasonOf(error)}). Choose another port: PORT=${port + 1} npm run dev`,
    )
  }
}

async function embeddedDatabase(): Promise<EmbeddedDatabase> {
  const { openEmbedded } = await import('../src/database/embedded.ts')
  try {
    return await openEmbedded({ directory: dataDirectory, onProgress: (message) => console.log(message) })
  } catch (error) {
    return leave(reasonOf(error))
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function leave(reason: string): never {
  console.error(`\n${reason}`)
  process.exit(1)
}

/** What it prints names the page's address in place of its own, so that there is one to open. */
function startServer(): ChildProcess {
  const watched = ['--watch', '--watch-path=src', '--watch-path=db', '--watch-preserve-output']
  const started = spawn(process.execPath, [...watched, 'src/main.ts'], {
    cwd: root,
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(serverPort),
      ...(database === undefined ? {} : { DATABASE_URL: database.url }),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  started.stdout.setEncoding('utf8').on('data', (text: string) => {
    process.stdout.write(text.replaceAll(server, address))
  })
  return started
}

async function startPage(): Promise<ViteDevServer> {
  // Whole paths: the page has modules of its own below /graphql/ and /rides/. The server judges who asks by Host and
  // Origin, so both pass as the browser sent them.
  const passedOn: Record<string, ProxyOptions> = {
    '^/graphql(\\?|$)': { target: server, ws: true },
    '^/(config\\.json|healthz|readyz|metrics)(\\?|$)': { target: server },
    '^/docs(/[^/]+)?(\\?|$)': { target: server },
    '^/api/auth/': { target: server },
    // Rides as files, out and in; /rides/<id> itself is a page.
    '^/rides/[^/]+\\.(gpx|tcx|geojson)(\\?|$)': { target: server },
    '^/rides/import(\\?|$)': { target: server },
  }
  const vite = await createServer({
    configFile: join(root, 'web/vite.config.ts'),
    server: { host: '127.0.0.1', port, strictPort: true, proxy: passedOn },
  })
  return vite.listen()
}

/** `wanted`, or one that the system gives where that is 0; rejects where it is taken. */
async function freePort(wanted: number): Promise<number> {
  const listening = createTcpServer().listen(wanted, '127.0.0.1')
  await once(listening, 'listening')
  const given = listening.address()
  listening.close()
  await once(listening, 'close')
  if (given === null || typeof given === 'string') throw new Error('A TCP server without a port')
  return given.port
}

let ending = false
async function end(code: number): Promise<void> {
  if (ending) return
  ending = true
  if (watcher.exitCode === null && watcher.signalCode === null) {
    const ended = once(watcher, 'exit')
    watcher.kill('SIGTERM')
    await ended
  }
  await page.close()
  await database?.close()
  process.exit(code)
}

/**
 * `npm run dev`: the server starts again on a change in `src/` or `db/`, the page changes under the hand that edits
 * it, and one address shows both.
 *
 * Vite serves the page and passes on to the server what belongs to it, so that the page speaks to its own origin as
 * it does in production. The embedded database is held open here: the server finds it running and starts again in a
 * second, where opening it would take three.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createServer, type ProxyOptions, type ViteDevServer } from 'vite'

const { DATABASE_URL: databaseUrl, DATA_DIR: dataDirectory = '.data', PORT: port = '4000' } = process.env
const root = join(import.meta.dirname, '..')

const database = databaseUrl ? undefined : await embeddedDatabase()
const server = `http://127.0.0.1:${port}`
const page = await startPage()
const watcher = startServer(page.resolvedUrls?.local[0]?.replace(/\/$/, '') ?? server)

/** The first signal ends everything in reverse; a second one finds the default again and ends this at once. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void end(0))
watcher.once('exit', (code) => void end(code ?? 1))
database?.failed.then((reason) => {
  console.error(`The embedded database has stopped: ${reason.message}`)
  return end(1)
})

async function embeddedDatabase() {
  const { openEmbedded } = await import('../src/database/embedded.ts')
  return openEmbedded({ directory: dataDirectory, onProgress: (message) => console.log(message) })
}

/** What it prints names the page's address in place of its own, so that there is one to open. */
function startServer(address: string): ChildProcess {
  const watched = ['--watch', '--watch-path=src', '--watch-path=db', '--watch-preserve-output']
  const started = spawn(process.execPath, [...watched, 'src/main.ts'], {
    cwd: root,
    env: { ...process.env, PORT: port },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  started.stdout.setEncoding('utf8').on('data', (text: string) => {
    process.stdout.write(text.replaceAll(server, address))
  })
  return started
}

async function startPage(): Promise<ViteDevServer> {
  const passedOn: Record<string, ProxyOptions> = {
    '/graphql': { target: server, ws: true },
    '/config.json': { target: server },
    '^/(healthz|readyz|metrics)$': { target: server },
    // Recordings to download; /rides/<id> itself is a page.
    '^/rides/[^/]+\\.(gpx|fit|tcx|geojson)$': { target: server },
  }
  const vite = await createServer({
    configFile: join(root, 'web/vite.config.ts'),
    server: { host: '127.0.0.1', proxy: passedOn },
  })
  return vite.listen()
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

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
const server = startServer()
const page = await startPage()
console.log(`\nOpen ${page.resolvedUrls?.local[0] ?? 'the address above'}\n`)

/** The first signal ends everything in reverse; a second one finds the default again and ends this at once. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void end(0))
server.once('exit', (code) => void end(code ?? 1))
database?.failed.then((reason) => {
  console.error(`The embedded database has stopped: ${reason.message}`)
  return end(1)
})

async function embeddedDatabase() {
  const { openEmbedded } = await import('../src/database/embedded.ts')
  return openEmbedded({ directory: dataDirectory, onProgress: (message) => console.log(message) })
}

function startServer(): ChildProcess {
  const watched = ['--watch', '--watch-path=src', '--watch-path=db', '--watch-preserve-output']
  return spawn(process.execPath, [...watched, 'src/main.ts'], {
    cwd: root,
    env: { ...process.env, PORT: port },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
}

async function startPage(): Promise<ViteDevServer> {
  const target = `http://127.0.0.1:${port}`
  const passedOn: Record<string, ProxyOptions> = {
    '/graphql': { target, ws: true },
    '/config.json': { target },
    '^/(healthz|readyz|metrics)$': { target },
    // Recordings to download; /rides/<id> itself is a page.
    '^/rides/[^/]+\\.(gpx|fit|tcx|geojson)$': { target },
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
  if (server.exitCode === null && server.signalCode === null) {
    const ended = once(server, 'exit')
    server.kill('SIGTERM')
    await ended
  }
  await page.close()
  await database?.close()
  process.exit(code)
}

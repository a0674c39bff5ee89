/**
 * The map alone, in a page of its own: what it draws and how fast is seen without a product, a database or a network. In the page
 * `stage` opens the map and feeds it (map-stage/stage.ts).
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sirv from 'sirv'
import { build } from 'vite'

export interface StageServer {
  url: string
  close(): Promise<void>
}

/** Builds it, which takes some seconds. There is no token for Mapbox, unless the test says otherwise at `/config.json`. */
export async function serveStage(): Promise<StageServer> {
  const folder = await mkdtemp(join(tmpdir(), 'slipstream-stage-'))
  await build({
    configFile: false,
    logLevel: 'error',
    root: join(import.meta.dirname, 'map-stage'),
    build: { outDir: folder, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0, minify: false },
    worker: { format: 'es' },
  })
  const files = sirv(folder)
  const server = createServer((request, response) => {
    if (request.url !== '/config.json') return files(request, response)
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ mapboxAccessToken: null }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

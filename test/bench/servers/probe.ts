/**
 * Imported into a server that is measured (NODE_OPTIONS): on the Unix socket of BENCH_PROBE it collects garbage and says how
 * much memory the process takes then, in bytes, and how late its event loop was since it was asked before, in milliseconds.
 */
import { createServer } from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

const path = process.env['BENCH_PROBE']
if (isMainThread && path !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  const server = createServer((request, response) => {
    // Twice: what finalizers let go of is collected the second time.
    if (request.url === '/collected') for (let time = 0; time < 2; time++) globalThis.gc?.()
    const { rss, heapUsed, external } = process.memoryUsage()
    const lateMs = { p99: delay.percentile(99) / 1e6, most: delay.max / 1e6 }
    delay.reset()
    response.end(JSON.stringify({ rss, heapUsed, external, lateMs }))
  })
  // Another thing than the product itself must not keep it alive.
  server.listen(path).unref()
}

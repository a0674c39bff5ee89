/**
 * The rolling restart: two APIs and two workers behind the proxy of ops/proxy, under load, are restarted one after the other, each
 * when the one before is ready again. Whoever rides or watches is to notice nothing but that he has to connect again.
 */
import { type Random, randomFrom } from '#recordings/simulate/simulate-random.ts'
import { type Ledger, openLedger } from '../faults/ledger.ts'
import { ride } from '../faults/rider.ts'
import { comeToRest, verify } from '../faults/verify.ts'
import type { Watched } from '../faults/watcher.ts'
import { type Caddy, startCaddy } from '../support/caddy.ts'
import { startCluster } from '../support/cluster.ts'
import { type Product, startProduct } from '../support/product.ts'
import { connectSender, openWaits, type Road, type Waits } from './clients.ts'
import type { DrillOptions, Report } from './drill.ts'
import { watchBy } from './watchers.ts'

interface Named {
  readonly name: string
  readonly product: Product
}

/** Of one process, in milliseconds. */
interface Restart {
  readonly name: string
  readonly exitMs: number
  readonly readyMs: number
}

const riders: readonly (readonly [Road, number])[] = [
  ['HTTP', 12],
  ['WebSocket', 6],
]
const mostWatchers = 16
const toEndMs = 60_000
/** What a process may take from SIGTERM to its end, draining included. */
const mostExitMs = 10_000
/** As in docker-compose.yml. */
const drainSeconds = '3'

export async function run({ minutes, onProgress = () => undefined }: DrillOptions): Promise<Report> {
  const ledger = openLedger()
  await using cluster = await startCluster()
  await using fleet = await startFleet(cluster.url)
  const load = startLoad(fleet.proxy.url, ledger)
  const restarts: Restart[] = []
  const until = performance.now() + minutes * 60_000
  let rounds = 0
  do {
    for (const each of fleet.processes) {
      const restart = await restarted(each, ledger)
      restarts.push(restart)
      const { name, exitMs, readyMs } = restart
      onProgress(`${name} ended within ${inSeconds(exitMs)}, and was ready again ${inSeconds(readyMs)} later`)
    }
    rounds++
  } while (performance.now() < until)
  const watched = await load.stop()
  await comeToRest(cluster.url, ledger, toEndMs)
  await verify(cluster.url, ledger, watched)
  return { lines: linesOf(rounds, restarts, load.waits, ledger), findings: ledger.findings }
}

async function startFleet(databaseUrl: string) {
  await using opening = new AsyncDisposableStack()
  const start = async (name: string): Promise<Named> => {
    const role = name.startsWith('api') ? 'api' : 'worker'
    const env = { DATABASE_URL: databaseUrl, ...(role === 'api' && { DRAIN_SECONDS: drainSeconds }) }
    return { name, product: opening.use(await startProduct({ role, env })) }
  }
  const names = ['api-1', 'worker-1', 'api-2', 'worker-2']
  const processes = await Promise.all(names.map(start))
  const urls = processes.flatMap(({ name, product }) => (name.startsWith('api') ? [product.url] : []))
  const proxy: Caddy = opening.use(await startCaddy(urls))
  const open = opening.move()
  return { processes, proxy, [Symbol.asyncDispose]: () => open.disposeAsync() }
}

async function restarted({ name, product }: Named, ledger: Ledger): Promise<Restart> {
  const asked = performance.now()
  const { code, signal } = await product.stop('SIGTERM')
  const exitMs = performance.now() - asked
  if (code !== 0) ledger.find('broken', `${name} ended with ${code ?? signal}`)
  if (exitMs > mostExitMs) ledger.find('broken', `${name} took ${inSeconds(exitMs)} to end`)
  if (/not clean|given up/.test(product.output())) ledger.find('broken', `${name} said:\n${product.output()}`)
  await product.restart()
  return { name, exitMs, readyMs: performance.now() - asked - exitMs }
}

function startLoad(url: string, ledger: Ledger) {
  const closing = new AbortController()
  const hopeless = new AbortController()
  const waits = openWaits()
  let drawn = 0
  const randoms = (): Random => randomFrom(drawn++)
  const gaveUp = (who: string) => (error: unknown) => {
    ledger.find('broken', `A ${who} gave up: ${error instanceof Error ? error.message : error}`)
  }
  const watching = new Set<Promise<void>>()
  const watched: Watched[] = []
  let watchers = 0
  const started = (rideId: string): void => {
    if (watching.size >= mostWatchers) return
    const road = watchers++ % 2 === 0 ? 'HTTP' : 'WebSocket'
    const seen = watchBy(road, rideId, { url, ledger, signal: hopeless.signal })
    const over = seen.then((one) => void watched.push(one), gaveUp('watcher'))
    watching.add(over)
    void over.then(() => watching.delete(over))
  }
  const riding = riders.flatMap(([road, count]) =>
    Array.from({ length: count }, async () => {
      const sender = connectSender(road, { url, ledger, waits, random: randoms(), signal: hopeless.signal })
      const means = { sender, ledger, random: randoms(), closing: closing.signal, started }
      await ride(means).catch(gaveUp('rider'))
      await sender.close()
    }),
  )
  return {
    waits,
    async stop(): Promise<readonly Watched[]> {
      closing.abort()
      const giveUp = setTimeout(() => hopeless.abort(), toEndMs)
      await Promise.all(riding)
      await Promise.all(watching)
      clearTimeout(giveUp)
      return watched
    },
  }
}

function linesOf(rounds: number, restarts: readonly Restart[], waits: Waits, ledger: Ledger): string[] {
  const { answered, retried, why, longestMs, longestWithoutRetryMs } = waits
  const longest = (of: 'exitMs' | 'readyMs', role: string) =>
    inSeconds(Math.max(...restarts.filter(({ name }) => name.startsWith(role)).map((each) => each[of])))
  const count = (what: string) => ledger.counts.get(what) ?? 0
  const reasons = [...why].map(([reason, times]) => `${reason}: ${times}`).join(', ') || 'none'
  return [
    `${restarts.length} restarts in ${rounds} rounds`,
    `the longest from SIGTERM to the end: of an API ${longest('exitMs', 'api')} (${drainSeconds} s of it draining), of a worker ${longest('exitMs', 'worker')}`,
    `the longest from there until it was ready: of an API ${longest('readyMs', 'api')}, of a worker ${longest('readyMs', 'worker')}`,
    `${answered.HTTP + answered.WebSocket} commands answered: ${answered.HTTP} over HTTP, ${answered.WebSocket} over WebSockets`,
    `sent again: ${retried.HTTP} over HTTP, ${retried.WebSocket} over WebSockets (${reasons})`,
    `the longest wait for an answer: ${inSeconds(longestMs)}; of those sent once ${inSeconds(longestWithoutRetryMs)}`,
    ...['WebSockets', 'server-sent events'].map(
      (road) =>
        `feeds over ${road}: ${count(`feeds over ${road} watched to their end`)} watched to their end, cut ${count(`cuts of feeds over ${road}`)} times`,
    ),
    `${ledger.rides.size} rides, ${count('events verified')} events verified`,
  ]
}

function inSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}

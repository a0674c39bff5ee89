/**
 * The database is away under load: stopped by its operator, then there but without a word (all of its processes are stopped, as
 * on a machine that hangs). Whoever comes through the proxy of ops/proxy is told the same, and gets pages.
 *
 *   load ── away ── refused at once ── back ── load ── away ── … ── rest ── verified
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { randomFrom } from '#recordings/simulate/simulate-random.ts'
import { connect } from '../api/client.ts'
import { comeToRest, verify } from '../faults/verify.ts'
import { type Watched, watch } from '../faults/watcher.ts'
import { startCaddy } from '../support/caddy.ts'
import { type Cluster, startCluster } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { startBoth } from './both.ts'
import type { DrillOptions, Report } from './drill.ts'
import { openSteadyFeed } from './feeds.ts'
import { startLoad } from './load.ts'

const riders = 8
const watchers = 4
const toComeToRestMs = 60_000
const asked = 20
/** What a machine under load needs at most for what takes milliseconds. */
const atOnceMs = 1_000
/** Twice the time between two looks of the proxy. */
const looksMs = 2_000

interface Going {
  readonly how: string
  leave(cluster: Cluster): Promise<void>
  comeBack(cluster: Cluster): Promise<void>
}

const goings: readonly Going[] = [
  { how: 'stopped', leave: (cluster) => cluster.stop(), comeBack: (cluster) => cluster.restart() },
  {
    how: 'silent',
    leave: async (cluster) => cluster.freeze(),
    comeBack: async (cluster) => cluster.thaw(),
  },
]

export async function run({ minutes, onProgress = () => undefined }: DrillOptions): Promise<Report> {
  const lines: string[] = []
  await using cluster = await startCluster()
  await using product = await startBoth({ DATABASE_URL: cluster.url })
  const { api, worker } = product
  await using proxy = await startCaddy([api.url])
  const load = startLoad([api.url], riders, 1)
  const { ledger } = load
  const hopeless = new AbortController()
  const watched: Promise<Watched>[] = []

  for (const { how, leave, comeBack } of goings) {
    onProgress(`The database is ${how}`)
    const rides = ledger.rides.size
    await eventually('rides to begin', () => ledger.rides.size >= rides + watchers, { withinMs: 60_000 })
    for (const rideId of [...ledger.rides.keys()].slice(-watchers)) {
      const means = { urls: [api.url], ledger, random: randomFrom(watched.length), signal: hopeless.signal }
      watched.push(watch(rideId, means))
    }
    await using steady = await openSteadyFeed(api.url, load.sender)
    const before = ledger.acknowledged.size
    const left = performance.now()
    await leave(cluster)
    await eventually('/readyz to say that it is away', async () => {
      const response = await fetch(`${api.url}/readyz`)
      return response.status === 503 && (await response.text()).includes('database')
    })
    const noticedMs = Math.round(performance.now() - left)
    // So often has the proxy looked by then that it would have taken the API out.
    await pause(looksMs)
    const longestMs = Math.max(await longestRefusal(api.url), await longestRefusal(proxy.url))
    if (longestMs > atOnceMs) ledger.find('broken', `${how}: a command was refused after ${longestMs} ms`)
    for (const path of ['/', '/docs']) {
      const page = await fetch(`${proxy.url}${path}`, { headers: { accept: 'text/html' } })
      if (page.status !== 200) ledger.find('broken', `${how}: ${path} answers ${page.status} at the proxy`)
    }
    const health = await fetch(`${api.url}/healthz`)
    if (health.status !== 200) ledger.find('broken', `${how}: /healthz answers ${health.status}`)
    await pause(minutes * 60_000)

    const back = performance.now()
    await comeBack(cluster)
    const atReturn = ledger.acknowledged.size
    await eventually('commands to go on', () => ledger.acknowledged.size > atReturn, { withinMs: 60_000 })
    const goesOnMs = Math.round(performance.now() - back)
    await steady.move()
    await eventually('the feed to go on', () => steady.seen.items === 2 || steady.seen.cut !== undefined)
    if (steady.seen.cut !== undefined) ledger.find('broken', `${how}: a feed was cut: ${steady.seen.cut}`)
    await steady.end()
    lines.push(
      `${how} for ${Math.round((back - left) / 1000)} s after ${before} acknowledged commands: /readyz said so after ${noticedMs} ms, ${asked} commands were then refused, and as many at the proxy, within ${longestMs} ms; ${goesOnMs} ms after it came back commands went on`,
    )
  }
  await load.stop()
  const giveUp = setTimeout(() => hopeless.abort(), toComeToRestMs)
  await comeToRest(cluster.url, ledger, toComeToRestMs)
  const seen = await Promise.all(watched)
  clearTimeout(giveUp)
  await verify(cluster.url, ledger, seen)
  for (const each of [api, worker]) {
    const away = each.output().match(/The database is away/g)?.length ?? 0
    if (away !== goings.length)
      ledger.find('broken', `A process said ${away} times that the database is away`)
  }
  const cut = [...ledger.counts].filter(([what]) => what.startsWith('feeds resumed'))
  lines.push(
    `${ledger.acknowledged.size} acknowledged commands and ${seen.length} feeds verified`,
    ...cut.map(([what, times]) => `${what}: ${times}`),
  )
  return { lines, findings: ledger.findings }
}

/** Each a command of its own, one after the other: how long the longest took, in milliseconds. */
async function longestRefusal(url: string): Promise<number> {
  await using client = connect(url)
  let longest = 0
  for (let n = 0; n < asked; n++) {
    const begun = performance.now()
    const { code } = await client.mutate('startRide', { rideId: randomUUID() })
    if (code !== 'OVERLOADED') throw new Error(`Answered ${code} without a database`)
    longest = Math.max(longest, performance.now() - begun)
  }
  return Math.round(longest)
}

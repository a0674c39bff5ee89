/**
 * The disk of the database is full: that of its tables, then that of its write-ahead log. (Without room for that PostgreSQL stops
 * itself, and comes up again once there is room.)
 *
 *   load ── full ── nothing is recorded ── room ── load ── rest ── verified
 */
import { chown, mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { randomFrom } from '#recordings/simulate/simulate-random.ts'
import { query } from '../faults/database-directly.ts'
import { comeToRest, verify } from '../faults/verify.ts'
import { type Watched, watch } from '../faults/watcher.ts'
import { type Cluster, clusterMadeBy } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { mountSmallDisk, type SmallDisk } from '../support/small-disk.ts'
import { startBoth } from './both.ts'
import type { DrillOptions, Report } from './drill.ts'
import { firstOf, openSteadyFeed } from './feeds.ts'
import { startLoad } from './load.ts'

const riders = 8
const diskBytes = 96 * 1024 * 1024
/** Filled up by the load within seconds. */
const leftBytes = 1024 * 1024
const toComeToRestMs = 60_000
const watchers = 4

const places = ['tables', 'write-ahead log'] as const
type Place = (typeof places)[number]

export async function run({ minutes, onProgress = () => undefined }: DrillOptions): Promise<Report> {
  // Each has a cluster, a disk and a product of its own.
  const judged = await Promise.allSettled(
    places.map(async (place) => {
      const { lines, findings } = await runAt(place, minutes * 60_000)
      onProgress(`The disk of the ${place}: done`)
      return {
        lines: lines.map((line) => `${place}: ${line}`),
        findings: findings.map(({ defect, what }) => ({ defect, what: `${place}: ${what}` })),
      }
    }),
  )
  // Where one fails the other comes to its end all the same, and takes with it what it started.
  const reports = judged.map((each) => {
    if (each.status === 'rejected') throw each.reason
    return each.value
  })
  return {
    lines: reports.flatMap(({ lines }) => lines),
    findings: reports.flatMap(({ findings }) => findings),
  }
}

async function runAt(place: Place, fullMs: number): Promise<Report> {
  const lines: string[] = []
  await using disk = await mountSmallDisk(diskBytes)
  await using cluster = await clusterMadeBy(initdb(place, disk), {
    // Else the log goes round in the files that it has, and never needs room.
    settings: { min_wal_size: '2MB', max_wal_size: '8MB', wal_recycle: 'off', max_connections: 100 },
  })
  const url = place === 'tables' ? await databaseOn(disk, cluster) : cluster.url
  await using product = await startBoth({ DATABASE_URL: url })
  const { api, worker } = product
  const pids = [api.pid, worker.pid]
  const load = startLoad([api.url], riders, 1)
  const { ledger } = load
  const hopeless = new AbortController()
  await eventually('the rides to begin', () => ledger.rides.size >= watchers)
  const watched: Promise<Watched>[] = [...ledger.rides.keys()]
    .slice(0, watchers)
    .map((rideId, n) =>
      watch(rideId, { urls: [api.url], ledger, random: randomFrom(n), signal: hopeless.signal }),
    )

  await using steady = await openSteadyFeed(api.url, load.sender)

  await disk.fill(leftBytes)
  await eventually(
    'nothing to be recorded any more',
    async () => {
      const isOver = await isStill(() => ledger.acknowledged.size)
      // What PostgreSQL gives back meanwhile is taken too.
      if (!isOver) await disk.fill(0)
      return isOver
    },
    { withinMs: 60_000 },
  )
  const overloadedBefore = refusals(ledger.counts)
  const before = ledger.acknowledged.size
  const readiness = await readyz(api.url)
  lines.push(`full after ${before} acknowledged commands; /readyz: ${readiness}`)
  if (!/^503|no room/.test(readiness)) {
    ledger.find('broken', `/readyz does not say that the disk is full: ${readiness}`)
  }
  const health = await fetch(`${api.url}/healthz`)
  if (health.status !== 200) ledger.find('broken', `/healthz answers ${health.status}`)
  if (place === 'tables') {
    const [rideId = ''] = [...ledger.rides.keys()].filter((id) => !ledger.deletions.has(id))
    const first = await firstOf(api.url, rideId)
    if (typeof first === 'string') ledger.find('broken', `A feed could not be begun: ${first}`)
  }
  await pause(fullMs)
  const recordedMeanwhile = ledger.acknowledged.size - before
  lines.push(
    `for ${Math.round(fullMs / 1000)} s ${refusals(ledger.counts) - overloadedBefore} commands were refused to be sent again, ${recordedMeanwhile} recorded`,
  )

  await disk.makeRoom()
  const room = performance.now()
  const going = ledger.acknowledged.size
  await eventually(
    'commands to go on',
    async () => {
      // Without room to recover it ends for good, perhaps at this very moment; its operator starts it again.
      if (!cluster.isRunning()) {
        lines.push('PostgreSQL had ended and was started again')
        await cluster.restart()
      }
      return ledger.acknowledged.size > going
    },
    { withinMs: 60_000 },
  )
  lines.push(`${Math.round(performance.now() - room)} ms after there was room commands went on`)
  await steady.move()
  await eventually('the feed to go on', () => steady.seen.items === 2 || steady.seen.cut !== undefined)
  if (steady.seen.cut !== undefined) ledger.find('broken', `A feed was cut: ${steady.seen.cut}`)
  await steady.end()
  await load.stop()
  const giveUp = setTimeout(() => hopeless.abort(), toComeToRestMs)
  await comeToRest(url, ledger, toComeToRestMs)
  const seen = await Promise.all(watched)
  clearTimeout(giveUp)
  await verify(url, ledger, seen)
  if (api.pid !== pids[0] || worker.pid !== pids[1] || !isAlive(api.pid) || !isAlive(worker.pid)) {
    ledger.find('broken', `A process has ended:\n${api.output()}\n${worker.output()}`)
  }
  const said = [api, worker].map((each) => each.output().split('\n').length)
  lines.push(
    `${ledger.acknowledged.size} acknowledged commands verified, ${seen.length} feeds; lines of log: ${said.join(' and ')}`,
  )
  return { lines, findings: ledger.findings }
}

function initdb(place: Place, disk: SmallDisk) {
  const flags = [
    '-U',
    'postgres',
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
    '--wal-segsize=1',
  ]
  const own = place === 'tables' ? [] : ['--waldir', `${disk.directory}/wal`]
  return (data: string): readonly [string, ...string[]] => ['initdb', '-D', data, ...flags, ...own]
}

async function databaseOn(disk: SmallDisk, { data, url }: Cluster): Promise<string> {
  // PostgreSQL puts tables only where its own user is at home.
  const { uid, gid } = await stat(data)
  const tables = join(disk.directory, 'tables')
  await mkdir(tables)
  await chown(tables, uid, gid)
  await query(url, `create tablespace small location '${tables}'`)
  await query(url, 'create database slipstream tablespace small')
  return url.replace(/postgres$/, 'slipstream')
}

/** Sees it twice, a second and a half apart. */
async function isStill(count: () => number): Promise<boolean> {
  const before = count()
  await pause(1_500)
  return count() === before
}

function refusals(counts: ReadonlyMap<string, number>): number {
  return counts.get('unanswered: OVERLOADED') ?? 0
}

async function readyz(url: string): Promise<string> {
  const response = await fetch(`${url}/readyz`)
  return `${response.status} ${(await response.text()).trim()}`
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

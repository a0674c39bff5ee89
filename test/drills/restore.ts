/**
 * The restore drill: the product under load is backed up in both ways that docs/operate.md tells of, goes on, and is then brought
 * back from each into another cluster.
 *
 *   load ── dump ── base backup ── moment ── load ── rest
 *             │          └── and the WAL archive up to the moment ──► a cluster on a new timeline ──► judged
 *             └─────────────────────────────────────────────────────► a database of its own ───────► judged
 */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { connect } from '../api/client.ts'
import { query } from '../faults/database-directly.ts'
import { comeToRest } from '../faults/verify.ts'
import { type Cluster, clusterMadeBy, startCluster } from '../support/cluster.ts'
import { eventually } from '../support/eventually.ts'
import { openReceiver } from '../webhooks/receiver.ts'
import { startBoth } from './both.ts'
import type { DrillOptions, Report } from './drill.ts'
import { keepCursors } from './feeds.ts'
import { forget, forgetAgain, riderComes } from './gone.ts'
import { type Load, startLoad } from './load.ts'
import { judgeRestored } from './restored.ts'

const riders = 8
const cursorsKept = 5
const toComeToRestMs = 60_000
/** Its data directory is where its programs are run; the archive lies beside it. */
const archiving = {
  wal_level: 'replica',
  archive_mode: 'on',
  archive_command: 'test ! -f ../archive/%f && cp %p ../archive/%f',
}

export async function run({ minutes, onProgress = () => undefined }: DrillOptions): Promise<Report> {
  const stretchMs = (minutes * 60_000) / 3
  const lines: string[] = []
  await using cluster = await clusterMadeBy(
    (data) => ['initdb', '-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8'],
    { settings: archiving },
  )
  await cluster.program('mkdir', ['archive'])
  await using receiver = await openReceiver()
  await using original = await startBoth({ DATABASE_URL: cluster.url, WEBHOOKS_ALLOW_PRIVATE: 'on' })
  const { api } = original
  await createWebhook(api.url, receiver.url)
  const load = startLoad([api.url], riders, 1)

  onProgress('Under load')
  await pause(stretchMs)
  const told = await eventually(
    'webhooks to be delivered',
    async () => {
      const ids = await delivered(cluster.url)
      return ids.size > 0 && ids
    },
    { withinMs: 60_000 },
  )
  const cursors = await keepCursors(api.url, [...load.ledger.rides.keys()], cursorsKept)
  if (cursors.length === 0) throw new Error('No feed could be begun before the backup')
  const lists = { early: join(cluster.directory, 'early.txt'), newest: join(cluster.directory, 'newest.txt') }
  await forget(cluster.url, '--write-list', lists.early)
  const [left, stays] = [await riderComes(cluster.url), await riderComes(cluster.url)]
  const beforeDump = load.acknowledged()

  onProgress('pg_dump, then pg_basebackup, under load')
  const dump = join(cluster.directory, 'slipstream.dump')
  lines.push(await timed(load, 'pg_dump -Fc', () => dumpTo(cluster, dump)))
  lines.push(`The dump has ${((await stat(dump)).size / 1e6).toFixed(1)} MB.`)
  const base = join(cluster.directory, 'base')
  lines.push(
    await timed(load, 'pg_basebackup', () =>
      cluster.program('pg_basebackup', ['-D', base, '-d', cluster.url, '--checkpoint=fast']),
    ),
  )
  await pause(stretchMs)
  const cameLater = await riderComes(cluster.url)
  // Asked first: what comes between the moment and a question would be missed in what is brought back.
  const beforeMoment = load.acknowledged()
  const toldByMoment = await delivered(cluster.url)
  const [row] = await query(cluster.url, 'select clock_timestamp()::text as moment')
  const moment = String(row?.['moment'])
  const movedOn = load.ledger.acknowledged.size
  await pause(stretchMs)

  onProgress('Load ends')
  await load.stop()
  await comeToRest(cluster.url, load.ledger, toComeToRestMs)
  await forget(cluster.url, left, '--yes')
  await forget(cluster.url, '--write-list', lists.newest)
  const gone = await query(cluster.url, 'select stream_id from streams where deleted')
  const around = { lists, left, deletedRides: gone.map(({ stream_id: id }) => String(id)) }
  await archived(cluster)
  await original[Symbol.asyncDispose]()
  lines.push(
    `${load.ledger.acknowledged.size} commands were acknowledged in all, ${load.ledger.acknowledged.size - movedOn} of them after the moment that is gone back to.`,
  )
  const findings = [...load.ledger.findings]

  onProgress('The dump is brought back')
  await using other = await startCluster()
  await query(other.url, 'create database slipstream')
  const url = other.url.replace(/postgres$/, 'slipstream')
  const restoring = performance.now()
  await other.program('pg_restore', ['--single-transaction', '--exit-on-error', `--dbname=${url}`, dump])
  lines.push(`pg_restore took ${Math.round(performance.now() - restoring)} ms.`)
  const againAfterDump = await forgetAgain({ ...around, from: 'The dump', url, stay: [stays] })
  lines.push(againAfterDump.line)
  findings.push(...againAfterDump.findings)
  const common = { load, cursors, receiver }
  const fromDump = await judgeRestored({ ...common, from: 'The dump', url, before: beforeDump, told })
  lines.push(...fromDump.lines)
  findings.push(...fromDump.findings)

  onProgress('The base backup and the archive are brought back, up to the moment')
  const recovering = performance.now()
  await using recovered = await clusterMadeBy(
    (data) => ['sh', '-c', 'cp -a "$0" "$1" && touch "$1/recovery.signal"', base, data],
    {
      settings: {
        restore_command: `cp ${join(cluster.directory, 'archive')}/%f %p`,
        recovery_target_time: moment,
        recovery_target_action: 'promote',
      },
    },
  )
  await eventually('the recovery to end', async () => {
    const [state] = await query(recovered.url, 'select pg_is_in_recovery() as is_recovering')
    return state?.['is_recovering'] === false
  })
  lines.push(`The recovery to a point in time took ${Math.round(performance.now() - recovering)} ms.`)
  const [head] = await query(recovered.url, 'select count(*) as events from events')
  const atMoment = Number(head?.['events'])
  if (atMoment >= load.ledger.acknowledged.size) {
    findings.push({
      defect: 'broken',
      what: `The recovery did not stop at the moment: it has ${atMoment} events`,
    })
  }
  const again = await forgetAgain({
    ...around,
    from: 'The moment',
    url: recovered.url,
    stay: [stays, cameLater],
  })
  lines.push(again.line)
  findings.push(...again.findings)
  const fromMoment = await judgeRestored({
    ...common,
    ...{
      from: 'The moment',
      url: recovered.url,
      before: beforeMoment,
      told: new Set([...told, ...toldByMoment]),
    },
  })
  lines.push(...fromMoment.lines)
  findings.push(...fromMoment.findings)
  return { lines, findings }
}

async function createWebhook(url: string, to: string): Promise<void> {
  await using client = connect(url)
  const { data, errors } = await client.ask(
    `mutation ($url: String!) {
      createWebhook(input: { url: $url, events: [RIDE_FINISHED, RIDE_EDITED, RIDE_DELETED] }) { __typename ... on Error { message } }
    }`,
    { url: to },
  )
  if (data?.['createWebhook']?.['__typename'] !== 'CreateWebhookPayload') {
    throw new Error(`No webhook was made: ${JSON.stringify(errors ?? data)}`)
  }
}

/** The ids of those messages of which the database knows. */
async function delivered(url: string): Promise<Set<string>> {
  const rows = await query(url, `select delivery_id from webhook_deliveries where state = 'DELIVERED'`)
  return new Set(rows.map(({ delivery_id: id }) => String(id)))
}

async function dumpTo(cluster: Cluster, file: string): Promise<void> {
  await cluster.program('pg_dump', ['-Fc', `--file=${file}`, cluster.url])
}

/** How long it took, and how many commands were acknowledged meanwhile. */
async function timed({ ledger }: Load, what: string, act: () => Promise<void>): Promise<string> {
  const [begun, before] = [performance.now(), ledger.acknowledged.size]
  await act()
  const ms = Math.round(performance.now() - begun)
  return `${what} took ${ms} ms; ${ledger.acknowledged.size - before} commands were acknowledged meanwhile.`
}

/** Everything that was written until now is in the archive. */
async function archived(cluster: Cluster): Promise<void> {
  const [row] = await query(cluster.url, 'select pg_walfile_name(pg_switch_wal()) as newest')
  const newest = String(row?.['newest'])
  await eventually('the WAL to be archived', async () => {
    const [state] = await query(cluster.url, 'select last_archived_wal as last from pg_stat_archiver')
    return String(state?.['last']) >= newest
  })
}

/**
 * node test/bench/log.ts --url postgres://postgres@127.0.0.1:5432/postgres [--events 10000000]
 *
 * What the log costs when it is long: polls, appends, bytes, and an idle snapshot. Makes a database of its own on that
 * server (about 7 GB for ten million events) and drops it at the end. Figures are of one run: compare them with each other.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import type { ConnectionPool } from '@databases/pg'
import type { Log } from '#log/log.ts'
import { readHead } from '#log/read-all.ts'
import { buffersOfAppend, buffersOfWork, median } from './buffers.ts'
import { measureBytes } from './bytes.ts'
import { directly } from './directly.ts'
import { fillLog } from './fill-log.ts'
import { appendTimes, commitInside, smallEntry, underSnapshot } from './idle-snapshot.ts'
import { openBenchLog } from './open-log.ts'
import { comeTo, pollsAt } from './polls.ts'

const { values } = parseArgs({
  options: { url: { type: 'string' }, events: { type: 'string', default: '10000000' } },
})
const events = Number(values.events)
if (values.url === undefined || !(events > 0)) {
  console.error('node test/bench/log.ts --url postgres://… [--events 10000000]')
  process.exit(2)
}

const times = 21
const name = `slipstream_bench_${randomBytes(4).toString('hex')}`
const url = new URL(values.url)
url.pathname = `/${name}`
await directly(values.url, (client) => client.query(`create database ${name}`))
try {
  await bench(url.href)
} finally {
  await directly(values.url, (client) => client.query(`drop database ${name} with (force)`))
}

async function bench(url: string): Promise<void> {
  await using opened = await openBenchLog(url)
  const { log, work } = opened
  await fill(url, work)
  await polls(log)
  await appends(url, log)
  await bytes(work)
  await idleSnapshot(url, log, 1)
  await idleSnapshot(url, log, 100)
}

async function fill(url: string, database: ConnectionPool): Promise<void> {
  const began = performance.now()
  let told = 0
  await fillLog(database, {
    events,
    sideBySide: 100,
    eventsOfRide: 2_500,
    onProgress(done) {
      if (done - told < events / 10) return
      told = done
      console.log(`${done} events after ${Math.round((performance.now() - began) / 1000)} s`)
    },
  })
  await directly(url, (client) => client.query('vacuum analyze'))
}

async function polls({ database }: Log): Promise<void> {
  const head = await readHead(database, 0)
  await comeTo(database, head)
  console.log(`\nCaught up with ${head} events`)
  for (const { name, ask } of pollsAt(head)) {
    const buffers = await buffersOfWork(database, ask)
    const elapsed: number[] = []
    for (let time = 0; time < times; time++) {
      const began = performance.now()
      await database.tx(ask)
      elapsed.push(performance.now() - began)
    }
    console.log(`  ${name}: ${buffers} buffers, ${median(elapsed).toFixed(2)} ms with its transaction`)
  }
}

async function appends(url: string, log: Log): Promise<void> {
  const known = randomUUID()
  await commitInside(url, [known], 100)
  const toNew = await buffersOfAppend(log.database, () => smallEntry(randomUUID()))
  const toKnown = await buffersOfAppend(log.database, () => smallEntry(known))
  const elapsed = median(await appendTimes(log, [known], 500))
  console.log(
    `\nAn append: ${toNew} buffers to a new stream, ${toKnown} to a known one, ${elapsed.toFixed(2)} ms`,
  )
}

async function bytes(database: ConnectionPool): Promise<void> {
  console.log('\nBytes a position, with row and indexes')
  for (const { uploadsOf, compression, fields, bytes } of await measureBytes(database)) {
    console.log(`  uploads of ${uploadsOf}, ${fields} fields, ${compression}: ${bytes.toFixed(1)}`)
  }
}

async function idleSnapshot(url: string, log: Log, count: number): Promise<void> {
  const commits = 25_000
  const measured = 1_000
  const streams = Array.from({ length: count }, () => randomUUID())
  const time = async () => median(await appendTimes(log, streams, measured))
  const atFirst = await time()
  await commitInside(url, streams, commits)
  const without = await time()
  const fresh = Array.from({ length: count }, () => randomUUID())
  const [before, after, beside] = await underSnapshot(url, async () => {
    const before = await time()
    await commitInside(url, streams, commits)
    const after = await time()
    // Taken in turn: what else the machine does meanwhile is the same for both.
    const inTurn = await appendTimes(
      log,
      streams.flatMap((stream, index) => [stream, fresh[index]!]),
      2 * measured,
    )
    const every = (from: number) => median(inTurn.filter((_, index) => index % 2 === from))
    return [before, after, { streams: every(0), fresh: every(1) }] as const
  })
  const ms = (time: number) => `${time.toFixed(2)} ms`
  console.log(`\nAn append to one of ${count} streams, ${commits} commits apart`)
  console.log(
    `  without a snapshot: ${ms(atFirst)}, then ${ms(without)} (${(without / atFirst).toFixed(2)} x)`,
  )
  console.log(`  under an idle one: ${ms(before)}, then ${ms(after)} (${(after / before).toFixed(2)} x)`)
  const ratio = (beside.streams / beside.fresh).toFixed(2)
  console.log(
    `  there, in turn with fresh streams: ${ms(beside.streams)} and ${ms(beside.fresh)} (${ratio} x)`,
  )
}

/**
 * node test/bench/log.ts --url postgres://postgres@127.0.0.1:5432/postgres [--events 10000000]
 *
 * What the log costs when it is long: polls and appends. Makes a database of its own on that server (about 7 GB for ten million
 * events) and drops it at the end. Figures are of one run: compare them with each other.
 */
import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import type { ConnectionPool } from '@databases/pg'
import type { Log } from '#log/log.ts'
import { readHead } from '#log/read-all.ts'
import { buffersOfAppend, buffersOfWork } from './buffers.ts'
import { directly } from './directly.ts'
import { fillLog } from './fill-log.ts'
import { appendTimes, commitInside, smallEntry } from './idle-snapshot.ts'
import { openBenchLog } from './open-log.ts'
import { comeTo, pollsAt } from './polls.ts'
import { openPostgres } from './postgres.ts'
import { median } from './rounds.ts'

const { values } = parseArgs({
  options: { url: { type: 'string' }, events: { type: 'string', default: '10000000' } },
})
const events = Number(values.events)
if (values.url === undefined || !(events > 0)) {
  console.error('node test/bench/log.ts --url postgres://… [--events 10000000]')
  process.exit(2)
}

const times = 21
const postgres = await openPostgres(values.url)
if (typeof postgres === 'string') throw new Error(postgres)
await using _closing = postgres
await using opened = await openBenchLog(await postgres.database())
await fill(opened.url, opened.work)
await polls(opened.log)
await appends(opened.url, opened.log)

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

/**
 * npm run bench -- --help
 *
 * Measures the product against its budgets, and beside whom it is compared with in the same run. Everything that it starts is
 * its own and gone at the end.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { complain, run, say } from '#cli/process.ts'
import { measureBatches } from './batches.ts'
import { rowsOf, unjudged } from './budgets.ts'
import { cpuNotes } from './cpu.ts'
import { measureFanout } from './fanout.ts'
import { measureFinish } from './finish.ts'
import { measureHistory } from './history.ts'
import { describeMachine, machineOf } from './machine.ts'
import type { Means, Measure } from './measurement.ts'
import { measureMemory } from './memory.ts'
import { type BenchOptions, type Measurement, readOptions, usage } from './options.ts'
import { openPeers } from './peers.ts'
import { measurePositionBytes } from './position-bytes.ts'
import { openPostgres } from './postgres.ts'
import { measureRebuild } from './rebuild.ts'
import { writeReadme, writeReport } from './report.ts'
import type { Figures } from './rounds.ts'
import { tableOf } from './table.ts'
import { measureWrites } from './writes.ts'

const measures: Readonly<Record<Measurement, Measure>> = {
  writes: measureWrites,
  batches: measureBatches,
  fanout: measureFanout,
  finish: measureFinish,
  rebuild: measureRebuild,
  history: measureHistory,
  bytes: measurePositionBytes,
  memory: measureMemory,
}

async function main(): Promise<number> {
  const read = readOptions(process.argv.slice(2))
  if (read.outcome === 'help') return say(usage, 0)
  if (read.outcome === 'mistake') return complain(`${read.message}\n\n${usage}`, 2)
  const { options } = read
  const stopped = stopping()
  await using opening = new AsyncDisposableStack()
  const postgres = await openPostgres(process.env['DATABASE_URL'])
  if (typeof postgres === 'string') return complain(postgres, 2)
  opening.use(postgres)
  const peers = options.peers === undefined ? undefined : await openPeers(options.peers, postgres, tell)
  if (typeof peers === 'string') return complain(peers, 2)
  opening.use(peers)
  tell(describeMachine(machineOf(postgres)))
  const { rounds, quick } = options
  const done = measureAll({ postgres, peers, rounds, quick, say: tell }, options)
  const ended = await Promise.race([done, stopped])
  if (ended !== 'stopped') return ended
  // What was under way fails now, and nobody asks why any more.
  done.catch(() => undefined)
  await opening.disposeAsync()
  process.exit(130)
}

async function measureAll(means: Means, options: BenchOptions): Promise<number> {
  const all: Record<string, number> = {}
  for (const name of options.only) {
    tell(`${name} …`)
    const began = performance.now()
    const figures = await measures[name](means)
    Object.assign(all, figures)
    tell(`${name}: ${Math.round((performance.now() - began) / 1_000)} s`)
  }
  return report(all, means, options)
}

function report(figures: Figures, { postgres, rounds, quick }: Means, options: BenchOptions): number {
  const rows = rowsOf(figures)
  const at = new Date().toISOString()
  const report = { at, machine: machineOf(postgres), rounds, quick, figures, rows }
  const file = options.json ?? `.data/bench/${at.replaceAll(':', '')}.json`
  writeReport(file, report)
  if (options.markdown) writeReadme(report)
  say(`\n${tableOf(rows)}\n`)
  for (const note of cpuNotes(figures)) say(note)
  for (const name of unjudged(figures)) say(`Not compared with ${name}: --peers says where it is.`)
  const failed = rows.filter(({ verdict }) => verdict === 'fails')
  const judged = rows.filter(({ verdict }) => verdict !== 'not judged')
  say(`${judged.length - failed.length} of ${judged.length} budgets hold. All figures: ${file}`)
  return failed.length === 0 ? 0 : 1
}

const began = performance.now()

/** Beside the table, with the seconds since the beginning. */
function tell(text: string): void {
  process.stderr.write(`${String(Math.round((performance.now() - began) / 1_000)).padStart(4)} s  ${text}\n`)
}

/** Resolves at Ctrl-C; the second one leaves at once. */
function stopping(): Promise<'stopped'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        tell('Stopping …')
        resolve('stopped')
        void pause(15_000, undefined, { ref: false }).then(() => process.exit(130))
      })
    }
  })
}

await run(main)

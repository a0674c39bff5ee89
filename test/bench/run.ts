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
import { describePlot, measureGrowth } from './growth/growth.ts'
import { measureHistory } from './history.ts'
import { describeMachine, machineOf } from './machine.ts'
import type { Means, Measure } from './measurement.ts'
import { measureMemory } from './memory.ts'
import { measureObservation } from './observation.ts'
import { type BenchOptions, type Measurement, readOptions, usage } from './options.ts'
import { openPeers } from './peers.ts'
import type { Plot } from './plot.ts'
import { measurePositionBytes } from './position-bytes.ts'
import { openPostgres } from './postgres.ts'
import { measureRebuild } from './rebuild.ts'
import { writeJson, writePlots, writeReadme } from './report.ts'
import type { Figures } from './rounds.ts'
import { measureSoak } from './soak.ts'
import { describeStalled, holds, measureStalled } from './stalled.ts'
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
  observation: measureObservation,
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
  const { growth, soakMinutes, stalled } = options
  if (!growth && soakMinutes === undefined && !stalled) return await table(means, options)
  const plots: Plot[] = []
  let isWell = true
  if (growth) plots.push(...(await timed('growth', () => measureGrowth(means))))
  if (soakMinutes !== undefined) {
    const soak = await timed('soak', () => measureSoak(means, soakMinutes))
    plots.push(...soak.plots)
    for (const { what, second, last, isFlat } of soak.judgements) {
      say(`${isFlat ? 'ok  ' : 'FAIL'}  ${what}: ${second.toFixed(1)}, then ${last.toFixed(1)}`)
    }
    isWell &&= soak.judgements.every(({ isFlat }) => isFlat)
  }
  if (stalled) {
    const outcome = await timed('stalled', () => measureStalled(means))
    say(describeStalled(outcome))
    isWell &&= holds(outcome)
  }
  for (const plot of plots.filter(({ name }) => !name.startsWith('soak'))) say(describePlot(plot))
  for (const file of writePlots(plots, options)) say(`Plotted: ${file}`)
  if (options.json !== undefined) writeJson(options.json, { machine: machineOf(means.postgres), plots })
  return isWell ? 0 : 1
}

async function table(means: Means, options: BenchOptions): Promise<number> {
  const all: Record<string, number> = {}
  for (const name of options.only) {
    Object.assign(all, await timed(name, () => measures[name](means)))
  }
  return report(all, means, options)
}

async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  tell(`${name} …`)
  const began = performance.now()
  const done = await work()
  tell(`${name}: ${Math.round((performance.now() - began) / 1_000)} s`)
  return done
}

function report(figures: Figures, { postgres, rounds, quick }: Means, options: BenchOptions): number {
  const rows = rowsOf(figures)
  const at = new Date().toISOString()
  const report = { at, machine: machineOf(postgres), rounds, quick, figures, rows }
  const file = options.json ?? `.data/bench/${at.replaceAll(':', '')}.json`
  writeJson(file, report)
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

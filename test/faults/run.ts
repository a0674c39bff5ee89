/**
 * npm run faults -- [--minutes 10] [--seed N] [--riders 24]
 *
 * Kills, cuts and stops the product under full load, and says what of it was lost, duplicated, or no longer true. Needs
 * the programs of a PostgreSQL with PostGIS; makes a database of its own with them and leaves nothing behind.
 */
import { parseArgs } from 'node:util'
import { mistakeOf } from '#cli/process.ts'
import { partitionsOf, runFaults } from './fault-run.ts'
import { describe, verdict } from './report.ts'

const usage = 'npm run faults -- [--minutes 10] [--seed N] [--riders 24]'
const { minutes, seed, riders } = readArguments()

function readArguments() {
  const wanted = {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
    riders: { type: 'string', default: '24' },
  } as const
  try {
    const { values } = parseArgs({ options: wanted })
    const [minutes, seed, riders] = [Number(values.minutes), Number(values.seed), Number(values.riders)]
    if (minutes > 0 && Number.isInteger(seed) && riders >= 1) return { minutes, seed, riders }
  } catch (error) {
    // parseArgs throws a TypeError for every mistake in the arguments.
    if (!(error instanceof TypeError)) throw error
    console.error(mistakeOf(error))
  }
  console.error(usage)
  process.exit(2)
}

// What was started ends with the process, unless a signal that nobody hears ends that. (Ctrl-C reaches them all at once, so
// there would be nothing to verify.)
process.on('SIGINT', () => process.exit(130))
process.on('SIGTERM', () => process.exit(143))

console.log(
  `Seed ${seed}, ${minutes} minutes, ${riders} riders, partitions of the log: ${partitionsOf(seed)}`,
)
const started = performance.now()
const report = await runFaults({
  seed,
  riders,
  durationMs: minutes * 60_000,
  onProgress(counts) {
    const seconds = Math.round((performance.now() - started) / 1000)
    const [sent, acknowledged] = [counts.get('sent') ?? 0, counts.get('acknowledged') ?? 0]
    console.log(`${seconds} s: ${sent} commands sent, ${acknowledged} acknowledged`)
  },
})
console.log(describe(report))
process.exitCode = verdict(report) === 'holds' ? 0 : 1

/**
 * npm run drill -- NAME [--minutes N]
 *
 * Needs the programs of a PostgreSQL with PostGIS; makes databases of its own with them and leaves nothing behind.
 */
import { parseArgs } from 'node:util'
import { mistakeOf } from '#cli/process.ts'
import { type Drill, inWords } from './drill.ts'

const drills: Readonly<Record<string, () => Promise<Drill>>> = {
  away: () => import('./away.ts'),
  'full-disk': () => import('./full-disk.ts'),
  observe: () => import('./observe.ts'),
  restore: () => import('./restore.ts'),
  'rolling-restart': () => import('./rolling-restart.ts'),
}

const usage = `npm run drill -- ${Object.keys(drills).join('|')} [--minutes 2]`
const { drill, minutes } = readArguments()

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      options: { minutes: { type: 'string', default: '2' } },
      allowPositionals: true,
    })
    const [name = ''] = positionals
    const wanted = drills[name]
    const number = Number(values.minutes)
    if (wanted !== undefined && positionals.length === 1 && number > 0)
      return { drill: wanted, minutes: number }
  } catch (error) {
    // parseArgs throws a TypeError for every mistake in the arguments.
    if (!(error instanceof TypeError)) throw error
    console.error(mistakeOf(error))
  }
  console.error(usage)
  process.exit(2)
}

// What was started ends with the process, unless a signal that nobody hears ends that.
process.on('SIGINT', () => process.exit(130))
process.on('SIGTERM', () => process.exit(143))

const { run } = await drill()
const report = await run({ minutes, onProgress: (what) => console.log(what) })
console.log(inWords(report))
process.exitCode = report.findings.length === 0 ? 0 : 1

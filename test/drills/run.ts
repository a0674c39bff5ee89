/** npm run drill -- NAME [--minutes N] */
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

const usage = `npm run drill -- ${Object.keys(drills).join('|')} [--minutes 2]

  away             PostgreSQL is stopped, and then silent, while rides are recorded and watched
  full-disk        the disk of the database is full, and has room again
  observe          a real Prometheus looks on while each fault is made that an alert is for
  restore          a dump and a recovery to a point in time, both taken under load
  rolling-restart  two APIs and two workers are restarted one after the other, under load behind a proxy

  --minutes        how long there is load, or how long a fault lasts, a part of the whole: what is before
                   and behind it takes one to three minutes more. From 1 on observe makes all faults

Needs the programs of a PostgreSQL with PostGIS (their directory in PATH, or where Debian has them); observe needs
prometheus and promtool too, rolling-restart caddy. Makes databases of its own and leaves nothing behind. It ends with 1
where something did not hold.`
const { drill, minutes } = readArguments()

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      options: { minutes: { type: 'string', default: '2' }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    })
    if (values.help) {
      console.log(usage)
      process.exit(0)
    }
    const [name = ''] = positionals
    const wanted = Object.hasOwn(drills, name) ? drills[name] : undefined
    if (name !== '' && wanted === undefined) console.error(`There is no drill called ${name}.\n`)
    const number = Number(values.minutes)
    if (wanted !== undefined && positionals.length === 1 && number > 0)
      return { drill: wanted, minutes: number }
  } catch (error) {
    // parseArgs throws a TypeError for every mistake in the arguments.
    if (!(error instanceof TypeError)) throw error
    console.error(`${mistakeOf(error)}\n`)
  }
  console.error(usage)
  process.exit(2)
}

// What was started ends with the process, unless a signal that nobody hears ends that.
process.on('SIGINT', () => process.exit(130))
process.on('SIGTERM', () => process.exit(143))

const { run } = await drill()
const told = new Set<string>()
const report = await run({
  minutes,
  onProgress: (what) => {
    told.add(what)
    console.log(what)
  },
})
console.log(inWords({ ...report, lines: report.lines.filter((line) => !told.has(line)) }))
process.exitCode = report.findings.length === 0 ? 0 : 1

/** The command line of `npm run bench`, as a value or as what is wrong with it. */
import { readArguments } from '#cli/process.ts'

/** What can be measured for the table, in this order. */
export const measurements = [
  'writes',
  'batches',
  'fanout',
  'finish',
  'rebuild',
  'history',
  'bytes',
  'memory',
  'observation',
] as const
export type Measurement = (typeof measurements)[number]

export interface BenchOptions {
  readonly only: readonly Measurement[]
  /** A directory with the peers' servers. */
  readonly peers: string | undefined
  readonly rounds: number
  readonly quick: boolean
  /** Where the figures go; undefined for a file of their own under .data/bench. */
  readonly json: string | undefined
  readonly markdown: boolean
  readonly growth: boolean
  readonly soakMinutes: number | undefined
  readonly stalled: boolean
}

export type OptionsOutcome =
  | { readonly outcome: 'options'; readonly options: BenchOptions }
  | { readonly outcome: 'help' }
  | { readonly outcome: 'mistake'; readonly message: string }

const defaultSoakMinutes = 30

export const usage = `Measures the product against its budgets, on a real PostgreSQL.

  npm run bench -- [--peers DIR] [--only NAMES] [--rounds N] [--quick] [--json FILE] [--markdown]
  npm run bench -- --growth | --soak [MINUTES] | --stalled   [--quick] [--json FILE]

  --peers DIR  the programs to compare with: servers.mjs, schema.sql and a package.json that says what they need
  --only NAMES some of ${measurements.join(',')}
  --rounds N   turns of each side, taken in turn; the table has their medians (3)
  --quick      shorter and with less data: a look, no verdict to rely on
  --json FILE  where the figures go; else a new file under .data/bench
  --markdown   writes the table into README.md as well
  --growth     how cost grows with versions, rides, subscribers: plots into docs/bench
  --soak       steady load for ${defaultSoakMinutes} minutes, or as many as are said: memory and delay have to stay flat
  --stalled    a subscriber that does not read under full load costs bounded memory, and goes on exactly
  --help       this text

It makes databases of its own on the server of DATABASE_URL, whose user must be allowed to, and drops them at the end;
without DATABASE_URL it starts a throw-away PostgreSQL with default settings. Only ratios of one run mean anything.
Exit codes: 0 all budgets hold, 1 not all, 2 wrong arguments, 130 stopped by Ctrl-C.`

export function readOptions(args: readonly string[]): OptionsOutcome {
  const read = readArguments({
    args: args.flatMap((arg, index) => (arg === '--soak' ? soak(args[index + 1]) : [arg])),
    options: {
      peers: { type: 'string' },
      only: { type: 'string' },
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      markdown: { type: 'boolean', default: false },
      growth: { type: 'boolean', default: false },
      soak: { type: 'string' },
      stalled: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (typeof read === 'string') return mistake(read)
  const { help, peers, json, quick, markdown, growth, stalled, ...given } = read.values
  if (help) return { outcome: 'help' }
  const only = given.only === undefined ? measurements : namesIn(given.only)
  if (typeof only === 'string') return mistake(only)
  const rounds = Number(given.rounds ?? (quick ? 1 : 3))
  if (!(Number.isInteger(rounds) && rounds >= 1)) {
    return mistake(`--rounds must be a whole number from 1 on, not '${given.rounds}'.`)
  }
  const soakMinutes = given.soak === undefined ? undefined : Number(given.soak)
  if (soakMinutes !== undefined && !(soakMinutes > 0)) {
    return mistake(`--soak must be a number of minutes, not '${given.soak}'.`)
  }
  if (markdown && (given.only !== undefined || quick || peers === undefined)) {
    return mistake(
      '--markdown publishes the whole table as measured in full: give --peers, and leave --only and --quick out.',
    )
  }
  const options = { only, peers, rounds, quick, json, markdown, growth, soakMinutes, stalled }
  return { outcome: 'options', options }
}

/** Its minutes may be left out. */
function soak(next: string | undefined): string[] {
  return next === undefined || next.startsWith('--') ? ['--soak', String(defaultSoakMinutes)] : ['--soak']
}

function namesIn(text: string): readonly Measurement[] | string {
  const names = text.split(',').filter((name) => name !== '')
  const unknown = names.filter((name) => !measurements.some((each) => each === name))
  if (unknown.length > 0 || names.length === 0) {
    return `--only takes ${measurements.join(', ')}, with commas between; not '${unknown.join(',')}'.`
  }
  return measurements.filter((each) => names.includes(each))
}

function mistake(message: string): OptionsOutcome {
  return { outcome: 'mistake', message }
}

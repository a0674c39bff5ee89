/** The command line of `npm run doctor`, as a value or as what is wrong with it. */
import { readArguments } from '#cli/process.ts'

export interface Options {
  readonly json: boolean
  /** Asks others than the database, too: Mapbox. */
  readonly online: boolean
  /** How many processes like this one are to work on the database. */
  readonly processes: number
}

export type OptionsOutcome =
  | { readonly outcome: 'options'; readonly options: Options }
  | { readonly outcome: 'help' }
  | { readonly outcome: 'mistake'; readonly message: string }

export const usage = `Looks whether all is as it should be: the environment, the database and its settings, the log,
the pages. It changes nothing, and takes a few seconds.

  npm run doctor [-- OPTIONS]

  --processes N   N processes of this configuration are to work on the database (1): do they have
                  connections enough?
  --online        also asks Mapbox whether it takes the token
  --json          for programs; with npm run --silent doctor
  --help          this text

✓ right, ! to think about, ✗ wrong: what has an arrow below it says what to do.
It looks at what the server works on, found in the same environment, whether the server runs or not.
Exit codes: 0 nothing is wrong, 1 something is, 2 wrong arguments.`

const mostProcesses = 10_000

export function readOptions(args: readonly string[]): OptionsOutcome {
  const read = readArguments({
    args: [...args],
    options: {
      processes: { type: 'string' },
      online: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (typeof read === 'string') return { outcome: 'mistake', message: read }
  const { processes: given = '1', online = false, json = false, help = false } = read.values
  if (help) return { outcome: 'help' }
  const processes = Number(given)
  if (!/^\d+$/.test(given) || processes < 1 || processes > mostProcesses) {
    return { outcome: 'mistake', message: `--processes is a number, 1 to ${mostProcesses}; not ${given}.` }
  }
  return { outcome: 'options', options: { json, online, processes } }
}

/** The command line of `npm run frames`, as a value or as what is wrong with it. */
import { readArguments } from '#cli/process.ts'

export interface FramesOptions {
  readonly minutes: number
  readonly riders: number
  /** Below the address. */
  readonly path: string
}

export type OptionsOutcome =
  | { readonly outcome: 'options'; readonly options: FramesOptions }
  | { readonly outcome: 'help' }
  | { readonly outcome: 'mistake'; readonly message: string }

export const usage = `Looks how smoothly a page shows many rides, and whether its memory stays flat.

  npm run frames -- [--minutes N] [--riders N] [--path PATH]

  --minutes N   how long it looks (default 10)
  --riders N    so many simulated riders ride meanwhile (default 1000)
  --path PATH   the page (default /, the live map)
  --help        this text

It starts the product, npm run simulate and Chromium; all are gone at the end. It needs an installed
PostgreSQL, or DATABASE_URL of a user who may create databases.`

export function readOptions(args: readonly string[]): OptionsOutcome {
  const read = readArguments({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '10' },
      riders: { type: 'string', default: '1000' },
      path: { type: 'string', default: '/' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (typeof read === 'string') return mistake(read)
  const { values } = read
  if (values.help === true) return { outcome: 'help' }
  const minutes = Number(values.minutes)
  if (!(minutes > 0 && minutes <= 1_440)) {
    return mistake(`--minutes must be a number above 0, up to 1440, not '${values.minutes}'.`)
  }
  const riders = Number(values.riders)
  if (!Number.isInteger(riders) || riders < 1) {
    return mistake(`--riders must be a whole number, 1 or more, not '${values.riders}'.`)
  }
  if (!values.path.startsWith('/')) {
    return mistake(`--path must begin with a slash, such as /history, not '${values.path}'.`)
  }
  return { outcome: 'options', options: { minutes, riders, path: values.path } }
}

function mistake(message: string): OptionsOutcome {
  return { outcome: 'mistake', message }
}

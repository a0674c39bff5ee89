/** The command line of `npm run accept`, as a value or as what is wrong with it. */
import { readArguments } from '#cli/process.ts'

export interface AcceptOptions {
  readonly directory: string
  /** Of a running Slipstream; undefined where one is to be started. */
  readonly url: URL | undefined
}

export type OptionsOutcome =
  | { readonly outcome: 'options'; readonly options: AcceptOptions }
  | { readonly outcome: 'help' }
  | { readonly outcome: 'mistake'; readonly message: string }

export const usage = `Runs recordings through the whole product and holds what it shows against what their devices say.

  npm run accept -- DIRECTORY [--url URL]

  DIRECTORY  FIT, TCX and GPX recordings, also packed (.gz)
  --url URL  a running Slipstream, such as http://127.0.0.1:4000: the rides stay there. Without it one is
             started on a database of its own, embedded or on the server of DATABASE_URL, which is gone
             at the end
  --help     this text

Distance must be within 0.5 % of the device's (1 % where a wheel sensor may have measured), elapsed time
exact to the second, timer within 1 %, moving time within 1 % of the timer where that has paused, and
elevation gain within 5 % where a barometer has measured. Exit codes: 0 all that is judged holds, 1 not all,
2 wrong arguments, 130 stopped by Ctrl-C.`

export function readOptions(args: readonly string[]): OptionsOutcome {
  const read = readArguments({
    args: [...args],
    allowPositionals: true,
    options: { url: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  })
  if (typeof read === 'string') return mistake(read)
  const { values, positionals } = read
  if (values.help === true) return { outcome: 'help' }
  const [directory, ...others] = positionals
  if (directory === undefined) return mistake('Which recordings? Give the directory that they are in.')
  if (others.length > 0) return mistake(`One directory at a time; there are ${positionals.length}.`)
  const url = values.url === undefined ? undefined : URL.parse(values.url)
  if (url === null || (url !== undefined && !/^https?:$/.test(url.protocol))) {
    return mistake(`--url must be an address such as http://127.0.0.1:4000, not '${values.url}'.`)
  }
  return { outcome: 'options', options: { directory, url } }
}

function mistake(message: string): OptionsOutcome {
  return { outcome: 'mistake', message }
}

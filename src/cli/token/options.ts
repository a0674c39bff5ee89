/** The command line of `npm run token`, as a value or as what is wrong with it. */
import { readArguments } from '#cli/process.ts'
import { scopes as allScopes, type Scope } from '#rights/viewer.ts'

export interface TokenOptions {
  /** A name, an e-mail or an id. */
  readonly rider: string
  readonly scopes: readonly Scope[]
  readonly name: string
  /** How long from now, in milliseconds; null: for ever. */
  readonly lifetimeMs: number | null
}

export type OptionsOutcome =
  | { readonly outcome: 'options'; readonly options: TokenOptions }
  | { readonly outcome: 'help' }
  | { readonly outcome: 'mistake'; readonly message: string }

export const usage = `Makes an API key for a rider and prints it, alone, on stdout. It is shown this once.

  npm run --silent token -- --rider NAME [--scope SCOPE …] [--name NAME] [--expires 90d]

  --rider NAME    a rider's name, e-mail or id; a rider of that name is made where there is none
  --scope SCOPE   ${allScopes.join(', ')}; again for more. Without it rides:read and rides:write
  --name NAME     what the key is called, so that the rider knows it again
  --expires TIME  such as 12h, 90d, 1y; without it the key is good until it is revoked
  --help          this text

It works on the database of the same environment (DATABASE_URL, DATA_DIR) as the server,
whether that runs or not. A program sends the key so: "Authorization: Bearer slip_…".

Exit codes: 0 made, 1 not, 2 wrong arguments.`

const longestName = 100
const hourMs = 3_600_000
const units: Readonly<Record<string, number>> = { h: hourMs, d: 24 * hourMs, y: 365 * 24 * hourMs }

export function readOptions(args: readonly string[]): OptionsOutcome {
  const read = readArguments({
    args: [...args],
    options: {
      rider: { type: 'string' },
      scope: { type: 'string', multiple: true },
      name: { type: 'string' },
      expires: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (typeof read === 'string') return mistake(read)
  const {
    rider = '',
    scope: named = ['rides:read', 'rides:write'],
    name = 'npm run token',
    expires,
    help,
  } = read.values
  if (help === true) return { outcome: 'help' }
  if (rider.trim() === '') return mistake('For whom? Give a rider: --rider NAME')
  for (const text of [rider, name]) {
    if (text.trim().length > longestName || text.includes('\0')) {
      return mistake(`A name has 1 to ${longestName} characters.`)
    }
  }
  const unknown = named.find((one) => !allScopes.some((scope) => scope === one))
  if (unknown !== undefined)
    return mistake(`There is no scope '${unknown}'. There are: ${allScopes.join(', ')}.`)
  const lifetimeMs = expires === undefined ? null : lifetimeOf(expires)
  if (lifetimeMs === undefined)
    return mistake(`--expires is a number of hours, days or years, such as 12h, 90d or 1y, not '${expires}'.`)
  const scopes = allScopes.filter((scope) => named.includes(scope))
  return {
    outcome: 'options',
    options: { rider: rider.trim(), name: name.trim() || 'npm run token', scopes, lifetimeMs },
  }
}

function lifetimeOf(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,5})([hdy])$/.exec(text) ?? []
  const ms = unit === undefined ? undefined : units[unit]
  return ms === undefined || Number(count) === 0 ? undefined : Number(count) * ms
}

function mistake(message: string): OptionsOutcome {
  return { outcome: 'mistake', message }
}

/** The command line of `npm run hostile`, as a value or as what is wrong with it. */
import { readArguments } from '#cli/process.ts'
import { type AttackName, attackNames, type Scale } from './attacks.ts'

export interface HostileArguments {
  readonly seed: number
  readonly only: readonly AttackName[]
  readonly scale: Scale
  readonly quick: boolean
}

export type OptionsOutcome =
  | { readonly outcome: 'options'; readonly options: HostileArguments }
  | { readonly outcome: 'help' }
  | { readonly outcome: 'mistake'; readonly message: string }

export const longScale: Scale = {
  documents: 1_000,
  oneIn: 1,
  texts: Number.POSITIVE_INFINITY,
  sockets: 10_000,
  forMs: 20_000,
}
export const shortScale: Scale = { documents: 120, oneIn: 60, texts: 12, sockets: 500, forMs: 800 }

export const usage = `Attacks a Slipstream that it starts itself, and looks what came of it.

  npm run hostile -- [--seed N] [--only NAMES] [--quick]

  --seed N     makes the same documents and values again
  --only NAMES some of ${attackNames.join(',')}
  --quick      a little of each, as the tests do it
  --help       this text

It runs on a database of its own on the server of DATABASE_URL or TEST_DATABASE_URL, whose user must be allowed to make
one; without, on an embedded one. Nothing leaves this machine. No answer may be a fault or show the server's inside,
memory has to come back to what it was, and somebody who behaves is served as before, within three times as long.
Exit codes: 0 all of that holds, 1 not all, 2 wrong arguments, 130 stopped by Ctrl-C.`

/** @param chance from 0 to below 1: the seed where none is given. */
export function readOptions(args: readonly string[], chance: number): OptionsOutcome {
  const read = readArguments({
    args: [...args],
    options: {
      seed: { type: 'string' },
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (typeof read === 'string') return { outcome: 'mistake', message: read }
  const { help, quick, ...given } = read.values
  if (help) return { outcome: 'help' }
  const seed = given.seed === undefined ? Math.floor(chance * 1_000_000) : Number(given.seed)
  if (!Number.isSafeInteger(seed)) {
    return { outcome: 'mistake', message: `--seed must be a whole number, not '${given.seed}'.` }
  }
  const names = given.only?.split(',').map((name) => name.trim()) ?? attackNames
  const unknown = names.filter((name) => !attackNames.some((attack) => attack === name))
  if (unknown.length > 0) {
    return { outcome: 'mistake', message: `--only takes names of attacks, not '${unknown.join(',')}'.` }
  }
  const only = attackNames.filter((attack) => names.includes(attack))
  return { outcome: 'options', options: { seed, only, quick, scale: quick ? shortScale : longScale } }
}

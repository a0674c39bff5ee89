/** The command line of `npm run forget`, as a value or as what is wrong with it. */
import { isUuid } from '#api/uuid.ts'
import { readArguments } from '#cli/process.ts'

export interface ForgetOptions {
  readonly whom: { readonly riderId: string } | { readonly listFile: string } | { readonly writeTo: string }
  /** Without it nothing is changed. */
  readonly isSure: boolean
}

export type OptionsOutcome =
  | { readonly outcome: 'options'; readonly options: ForgetOptions }
  | { readonly outcome: 'help' }
  | { readonly outcome: 'mistake'; readonly message: string }

export const usage = `Forgets a rider: deletes all his rides, with everything that was recorded of them.

  npm run forget -- RIDER [--yes]
  npm run forget -- --write-list FILE
  npm run forget -- --list FILE [--yes]

  RIDER              the rider's id, a UUID
  --write-list FILE  writes down who and what is gone, the whole of it or nothing, and changes
                     nothing else. Keep such lists elsewhere than the database
  --list FILE        after a backup was restored: forgets again who and what is in such a list,
                     and nobody else. Who came later stays, and a list that is not whole is refused
  --yes              do it; without, it only says what would be done
  --help             this text

It works on the database of the same environment (DATABASE_URL, DATA_DIR) as the server,
whether that runs or not. Stopped or cut off, the same command goes on where it was.
At the end it has the database vacuum its tables, so that their space may be used again. Until
it is written over, what was deleted may be read from the database's own files by whoever can
read those, though by no query; "vacuum full" writes them anew, and holds up everybody while
it does. Backups keep what they hold: delete those from before, or run this again on whatever
is restored from them.

Exit codes: 0 forgotten, 1 not, or not all, 2 wrong arguments or without --yes, 130 Ctrl-C.`

export function readOptions(args: readonly string[]): OptionsOutcome {
  const read = readArguments({
    args: [...args],
    allowPositionals: true,
    options: {
      list: { type: 'string' },
      'write-list': { type: 'string' },
      yes: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (typeof read === 'string') return { outcome: 'mistake', message: read }
  const { values, positionals } = read
  if (values.help === true) return { outcome: 'help' }
  const { list: listFile, 'write-list': writeTo, yes: isSure = false } = values
  const [riderId, ...others] = [...positionals]
  const asked = [riderId, listFile, writeTo].filter((each) => each !== undefined)
  if (asked.length !== 1 || others.length > 0 || asked[0] === '') {
    return {
      outcome: 'mistake',
      message:
        'Which rider? Give one id, a UUID, or a list with --list, or say with --write-list where one is to be written.',
    }
  }
  if (listFile !== undefined) return { outcome: 'options', options: { whom: { listFile }, isSure } }
  if (writeTo !== undefined) return { outcome: 'options', options: { whom: { writeTo }, isSure } }
  if (!isUuid(riderId!)) return { outcome: 'mistake', message: `A rider's id is a UUID, not '${riderId}'.` }
  return { outcome: 'options', options: { whom: { riderId: riderId!.toLowerCase() }, isSure } }
}

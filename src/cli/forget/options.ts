/** The command line of `npm run forget`, as a value or as what is wrong with it. */
import { isUuid } from '#api/uuid.ts'
import { readArguments } from '#cli/process.ts'

export interface ForgetOptions {
  readonly whom: { readonly riderId: string } | { readonly ridesFile: string }
  /** Without it nothing is changed. */
  readonly isSure: boolean
}

export type OptionsOutcome =
  | { readonly outcome: 'options'; readonly options: ForgetOptions }
  | { readonly outcome: 'help' }
  | { readonly outcome: 'mistake'; readonly message: string }

export const usage = `Forgets a rider: deletes all his rides, with everything that was recorded of them.

  npm run forget -- RIDER [--yes]
  npm run forget -- --rides FILE [--yes]

  RIDER         the rider's id, a UUID
  --rides FILE  deletes single rides instead, whose ids stand in the file, one a line: such as
                were deleted after the backup that was restored. Those that are not there are
                passed over
  --yes         do it; without, it only says what would be done
  --help        this text

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
    options: { rides: { type: 'string' }, yes: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  })
  if (typeof read === 'string') return { outcome: 'mistake', message: read }
  const { values, positionals } = read
  if (values.help === true) return { outcome: 'help' }
  const [riderId, ...others] = positionals
  const { rides: ridesFile, yes: isSure = false } = values
  if (ridesFile !== undefined && riderId === undefined) {
    return { outcome: 'options', options: { whom: { ridesFile }, isSure } }
  }
  if (riderId === undefined || others.length > 0 || ridesFile !== undefined) {
    return {
      outcome: 'mistake',
      message: 'Which rider? Give one id, a UUID, or a file of rides with --rides.',
    }
  }
  if (!isUuid(riderId)) return { outcome: 'mistake', message: `A rider's id is a UUID, not '${riderId}'.` }
  return { outcome: 'options', options: { whom: { riderId: riderId.toLowerCase() }, isSure } }
}

/** The ids in a file of rides, or what is wrong with it. */
export function readRideIds(text: string): readonly string[] | string {
  const lines = text.split('\n').flatMap((line) => line.trim() || [])
  const wrong = lines.find((line) => !isUuid(line))
  return wrong === undefined ? lines : `A ride's id is a UUID, not '${wrong}'.`
}

/** The command line of `npm run projections`, as a value or as what is wrong with it. */
import { isUuid } from '#api/uuid.ts'
import { readArguments } from '#cli/process.ts'
import type { ProjectionName } from '#projections/projection.ts'
import { projectionOfTable } from '#projections/tables.ts'

export type Command =
  | { readonly command: 'status'; readonly json: boolean }
  | { readonly command: 'parked'; readonly ride: string | undefined; readonly json: boolean }
  | { readonly command: 'retry' | 'skip'; readonly ride: string }
  | { readonly command: 'rebuild' | 'cancel'; readonly name: ProjectionName }

export type OptionsOutcome =
  | { readonly outcome: 'command'; readonly command: Command }
  | { readonly outcome: 'help' }
  | { readonly outcome: 'mistake'; readonly message: string }

const names = [...new Set(Object.values(projectionOfTable))]

export const usage = `Looks after the projections: the tables that are read, made from the log.

  npm run projections -- status [--json]          how far each has come, and what is the matter
  npm run projections -- parked [RIDE] [--json]   rides that could not be taken further, and why
  npm run projections -- retry RIDE               applies what waits of a parked ride
  npm run projections -- skip RIDE                passes over the event that failed, then as retry
  npm run projections -- rebuild NAME             makes a projection's tables anew from the log
  npm run projections -- cancel NAME              drops what a rebuild has made so far

  RIDE     a ride's id, as parked shows it, or its name in the log, as the page /log and the API have it
  NAME     ${names.join(' or ')}
  --json   for programs; positions count the log's events, times are RFC 3339
  --help   this text

A ride is parked when a projection cannot apply one of its events: that event and the ride's
later ones wait, other rides go on. Mend the cause, then retry.

skip leaves the event that failed out of the tables: what it would have shown is missing there
(of a RideEnded the route). What follows from it happens all the same (the ride is finished),
and the log keeps it: the next rebuild tries it again.

rebuild fills new tables beside those that are read, and puts them in their place when they
have caught up. It works by itself and shares the work with running workers. Ctrl-C leaves it
to them; the same command joins again.

It works on the server's database, found in the same environment (DATABASE_URL or DATA_DIR),
whether the server runs or not.
Exit codes: 0 done, 1 not done, 2 wrong arguments, 130 stopped by Ctrl-C.`

export function readOptions(args: readonly string[]): OptionsOutcome {
  const read = readArguments({
    args: [...args.filter((each) => !isNameInLog(each)), '--', ...args.filter(isNameInLog)],
    allowPositionals: true,
    options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  })
  if (typeof read === 'string') return mistake(read)
  const { help = false, json = false } = read.values
  const [command, subject, ...others] = read.positionals
  if (help || command === 'help') return { outcome: 'help' }
  if (others.length > 0) return mistake(`One at a time: ${others.join(' ')} is too much.`)
  switch (command) {
    case 'status':
      if (subject !== undefined) return mistake('status shows all projections: leave the name out.')
      return { outcome: 'command', command: { command, json } }
    case 'parked':
      if (subject !== undefined && !mayBeRide(subject)) return notARide(subject)
      return { outcome: 'command', command: { command, ride: subject, json } }
    case 'retry':
    case 'skip':
      if (json) return mistake('--json goes with status and parked.')
      if (subject === undefined) return mistake(`Which ride? ${command} wants its id: see parked.`)
      if (!mayBeRide(subject)) return notARide(subject)
      return { outcome: 'command', command: { command, ride: subject } }
    case 'rebuild':
    case 'cancel': {
      if (json) return mistake('--json goes with status and parked.')
      const name = names.find((each) => each === subject)
      if (name !== undefined) return { outcome: 'command', command: { command, name } }
      const wrong = subject === undefined ? 'Which projection?' : `There is no projection '${subject}'.`
      return mistake(`${wrong} There are: ${names.join(', ')}.`)
    }
    case undefined:
      return mistake('What is to be done? Begin with status.')
    default:
      return mistake(`There is no command '${command}'.`)
  }
}

function mayBeRide(text: string): boolean {
  return isUuid(text) || isNameInLog(text)
}

/** One in 64 begins with a hyphen, and is no option (`stream-name.ts`). */
function isNameInLog(text: string): boolean {
  return /^[\w-]{59}$/.test(text)
}

function notARide(text: string): OptionsOutcome {
  return mistake(`'${text}' is no ride's id, which is a UUID, nor its name in the log.`)
}

function mistake(message: string): OptionsOutcome {
  return { outcome: 'mistake', message }
}

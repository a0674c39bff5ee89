/**
 * `npm run projections`: looks after the projections. Here the parts are put together with the process: its arguments,
 * its signals, its output. Exit codes: 0 done, 1 not done, 2 wrong arguments, 130 stopped by Ctrl-C.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { streamIdOf } from '#api/stream-name.ts'
import type { Log } from '#log/log.ts'
import { type Administration, openAdministration } from '#projections/administration.ts'
import type { ProjectionName } from '#projections/projection.ts'
import type { OpenedForCli } from './open-log.ts'
import { complain, run, say, stoppedByCtrlC } from './process.ts'
import { type Answer, cancel, noSuchName, parked, secondChance, status } from './projections/answers.ts'
import { duration } from './projections/columns.ts'
import { type Command, readOptions, usage } from './projections/options.ts'
import { startProgress } from './projections/progress.ts'
import { rebuild } from './projections/rebuild.ts'
import { endText } from './projections/rebuild-end.ts'
import { withLog } from './with-log.ts'

let announce: (text: string) => void = console.error
/** The first Ctrl-C stops behind the transaction under way. */
const signal = stoppedByCtrlC(() => announce('Stopping …'))

async function main(): Promise<number> {
  const read = readOptions(process.argv.slice(2))
  if (read.outcome === 'help') return say(usage)
  if (read.outcome === 'mistake') return complain(`${read.message}\nSee: npm run projections -- --help`, 2)
  const wentAway = 'The database went away. Nothing is half done: try again.'
  return withLog({ wentAway, signal, say: (sentence) => announce(sentence) }, async (opened) => {
    try {
      return await carryOut(read.command, opened)
    } catch (error) {
      if (signal.aborted) return 130
      throw error
    }
  })
}

function carryOut(command: Command, opened: OpenedForCli): Promise<number> {
  const { work, projections, log } = opened
  const administration = openAdministration({ database: work, projections, partitions: log.partitions })
  switch (command.command) {
    case 'status':
      return answer(status(administration, { now, pause: betweenLooks, json: command.json }))
    case 'parked':
    case 'retry':
    case 'skip':
      return answer(aboutRides(administration, command, log))
    case 'rebuild':
      return rebuildVisibly(command.name, administration, opened)
    case 'cancel':
      return answer(cancel(administration, command.name))
    default:
      return command satisfies never
  }
}

async function aboutRides(
  administration: Administration,
  given: Extract<Command, { command: 'parked' | 'retry' | 'skip' }>,
  log: Log,
): Promise<Answer> {
  const { ride } = given
  const rideId = ride === undefined ? undefined : streamIdOf(log, ride)
  if (ride !== undefined && rideId === undefined) return noSuchName(ride)
  if (given.command === 'parked') return parked(administration, { rideId, json: given.json })
  return rideId === undefined
    ? noSuchName(given.ride)
    : secondChance(administration, { command: given.command, rideId })
}

const now = () => performance.now()
const betweenLooks = () => delay(1_000, undefined, { signal })

async function rebuildVisibly(
  name: ProjectionName,
  administration: Administration,
  { work: database, listener, projections, log }: OpenedForCli,
): Promise<number> {
  const from = now()
  const progress = startProgress(process.stdout, now)
  announce = progress.say
  const end = await rebuild(name, {
    administration,
    database,
    listener,
    projections,
    partitions: log.partitions,
    progress,
    now,
    signal,
  }).finally(() => {
    progress.stop()
    announce = console.error
  })
  const text = endText(name, end, duration(now() - from))
  if (end.outcome === 'whole') return say(text)
  return complain(text, end.outcome === 'stopped' ? 130 : 1)
}

/** Each transaction is whole by itself, so that any may be the last. */
async function answer(doing: Promise<Answer>): Promise<number> {
  const stopped = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
  const given = await Promise.race([doing, stopped])
  if (given === undefined) return complain('Stopped. What was done stays.', 130)
  return given.isDone ? say(given.text) : complain(given.text, 1)
}

await run(main)

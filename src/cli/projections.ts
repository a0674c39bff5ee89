/**
 * `npm run projections`: looks after the projections. Here the parts are put together with the process: its arguments,
 * its signals, its output. Exit codes: 0 done, 1 not done, 2 wrong arguments, 130 stopped by Ctrl-C.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { isUnavailable, sqlState } from '#database/faults.ts'
import { type Administration, openAdministration } from '#projections/administration.ts'
import type { ProjectionName } from '#projections/projection.ts'
import { type OpenedForCli, openForCli } from './open-log.ts'
import { duration } from './projections/columns.ts'
import { type Command, readOptions, usage } from './projections/options.ts'
import { outcomeText, parkedJson, parkedText, skippedText } from './projections/parked-rides.ts'
import { startProgress } from './projections/progress.ts'
import { endText, rebuild } from './projections/rebuild.ts'
import { standings, statusJson, statusText } from './projections/status.ts'

const stopping = new AbortController()
const { signal } = stopping
let announce: (text: string) => void = console.error

async function main(): Promise<number> {
  const read = readOptions(process.argv.slice(2))
  if (read.outcome === 'help') return say(usage)
  if (read.outcome === 'mistake') return complain(`${read.message}\n\n${usage}`, 2)
  process.on('SIGINT', pressed)
  let opened: OpenedForCli
  try {
    opened = await openForCli(process.env, { signal, say: (sentence) => announce(sentence) })
  } catch (error) {
    if (signal.aborted) return complain('Stopped before anything was done.', 130)
    return complain(error instanceof Error ? error.message : String(error), 1)
  }
  try {
    return await carryOut(read.command, opened)
  } catch (error) {
    if (signal.aborted) return 130
    if (isUnavailable(error)) return complain('The database went away. Nothing is half done: try again.', 1)
    throw error
  } finally {
    await opened.close()
  }
}

function carryOut(command: Command, opened: OpenedForCli): Promise<number> {
  const { work, projections, log } = opened
  const administration = openAdministration({ database: work, projections, partitions: log.partitions })
  switch (command.command) {
    case 'status':
      return unlessStopped(status(administration, command.json))
    case 'parked':
      return unlessStopped(parked(administration, command))
    case 'retry':
    case 'skip':
      return unlessStopped(secondChance(administration, command))
    case 'rebuild':
      return rebuildVisibly(command.name, administration, opened)
    case 'cancel':
      return unlessStopped(cancel(administration, command.name))
    default:
      return command satisfies never
  }
}

/** Long enough for a worker's batch, short enough to wait for. */
const betweenLooksMs = 1_000

async function status(administration: Administration, json: boolean): Promise<number> {
  const before = await administration.status()
  const from = performance.now()
  await delay(betweenLooksMs, undefined, { signal })
  const standing = standings(before, await administration.status(), performance.now() - from)
  return say(json ? statusJson(standing) : statusText(standing))
}

/** So many on a screen; a program gets as many as it can hold. */
const most = { onScreen: 100, inJson: 10_000 }

async function parked(
  administration: Administration,
  { rideId, json }: Extract<Command, { command: 'parked' }>,
): Promise<number> {
  const rides = await administration.parked({
    ...(rideId === undefined ? {} : { rideId }),
    limit: json ? most.inJson : most.onScreen,
  })
  const total =
    rideId === undefined
      ? (await administration.status()).reduce((sum, { parkedRides }) => sum + parkedRides, 0)
      : rides.length
  if (json) return say(parkedJson(rides, total))
  if (rides.length > 0) return say(parkedText(rides, total))
  return say(rideId === undefined ? 'No ride is parked.' : parkedNowhere(rideId))
}

async function secondChance(
  administration: Administration,
  { command, rideId }: Extract<Command, { command: 'retry' | 'skip' }>,
): Promise<number> {
  const before = await administration.parked({ rideId })
  const outcomes = await administration[command](rideId)
  if (outcomes.length === 0) return complain(parkedNowhere(rideId), 1)
  for (const outcome of outcomes) {
    const ride = before.find(
      ({ projection, version }) => projection === outcome.projection && version === outcome.version,
    )
    if (command === 'skip' && ride !== undefined) say(skippedText(ride))
    say(outcomeText(outcome))
  }
  return outcomes.some(({ outcome }) => outcome === 'failed') ? 1 : 0
}

async function rebuildVisibly(
  name: ProjectionName,
  administration: Administration,
  { work: database, listener, projections, log }: OpenedForCli,
): Promise<number> {
  const now = () => performance.now()
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
  if (end.outcome === 'served') return say(text)
  return complain(text, end.outcome === 'stopped' ? 130 : 1)
}

const lockNotAvailable = '55P03'

async function cancel(administration: Administration, name: ProjectionName): Promise<number> {
  try {
    const version = await administration.cancel(name)
    if (version === undefined) return complain(`No version of ${name} is being built.`, 1)
    return say(`${name} ${version} is dropped. The version that is read stays as it is.`)
  } catch (error) {
    if (!(error instanceof Error) || sqlState(error) !== lockNotAvailable) throw error
    return complain('Somebody reads those tables, perhaps a backup. Nothing was dropped: try again later.', 1)
  }
}

function parkedNowhere(rideId: string): string {
  return `Ride ${rideId} is parked nowhere.`
}

/** npm hands on the Ctrl-C that the terminal has sent already: what follows the first so closely is no second press. */
const onePressMs = 300
let pressedAt = Number.NEGATIVE_INFINITY

/** The first Ctrl-C stops behind the transaction under way; the second leaves at once. */
function pressed(): void {
  const before = pressedAt
  pressedAt = performance.now()
  if (pressedAt - before < onePressMs) return
  if (signal.aborted) process.exit(130)
  announce('Stopping …')
  stopping.abort()
}

/** Each transaction is whole by itself, so that any may be the last. */
function unlessStopped(doing: Promise<number>): Promise<number> {
  const stopped = new Promise<number>((resolve) => {
    const leave = () => resolve(complain('Stopped. What was done stays.', 130))
    signal.addEventListener('abort', leave, { once: true })
  })
  return Promise.race([doing, stopped])
}

function say(text: string): number {
  process.stdout.write(`${text}\n`)
  return 0
}

function complain(text: string, exitCode: number): number {
  process.stderr.write(`${text}\n`)
  return exitCode
}

/** Whoever read the output has enough of it (`| head`); what was begun is done all the same. */
function unlessNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}

for (const stream of [process.stdout, process.stderr]) stream.on('error', unlessNobodyReads)
process.exitCode = await main()

/**
 * `npm run forget`: the right to be forgotten. Here the parts are put together with the process: its arguments, its
 * signals, its output. Exit codes: 0 forgotten, 1 not or not all, 2 wrong arguments or not sure, 130 stopped by Ctrl-C.
 */

import { readFile } from 'node:fs/promises'
import { knowsRider, ridesOf } from '#projections/forget-rider.ts'
import type { ForgetOutcome } from '#projections/forget-whole.ts'
import { localRiderId } from '#rights/viewer.ts'
import { forgetRider } from './forget/forget.ts'
import { readGone, returnedOf } from './forget/gone.ts'
import { readList, textOf, writeWhole } from './forget/list.ts'
import { type ForgetOptions, readOptions, usage } from './forget/options.ts'
import { startProgress } from './forget/progress.ts'
import { forgetRides } from './forget/rides.ts'
import type { OpenedForCli } from './open-log.ts'
import { complain, run, say, stoppedByCtrlC } from './process.ts'
import { withLog } from './with-log.ts'

let announce: (text: string) => void = console.error
/** The first Ctrl-C stops behind the ride under way. */
const signal = stoppedByCtrlC(() => announce('Stopping …'))

async function main(): Promise<number> {
  const read = readOptions(process.argv.slice(2))
  if (read.outcome === 'help') return say(usage)
  if (read.outcome === 'mistake') return complain(`${read.message}\n\n${usage}`, 2)
  const wentAway = 'The database went away. What was done stays; the same command goes on.'
  return withLog({ wentAway, signal, say: (sentence) => announce(sentence) }, (opened) =>
    forget(opened, read.options),
  )
}

function forget(opened: OpenedForCli, { whom, isSure }: ForgetOptions): Promise<number> {
  if ('riderId' in whom) return forgetOne(opened, whom.riderId, isSure)
  return 'writeTo' in whom ? writeList(opened, whom.writeTo) : forgetListed(opened, whom.listFile, isSure)
}

async function writeList({ work }: OpenedForCli, file: string): Promise<number> {
  const gone = await readGone(work)
  try {
    await writeWhole(file, textOf(gone))
  } catch (error) {
    return complain(`The list was not written: ${error instanceof Error ? error.message : error}`, 1)
  }
  const { riders, rideIds } = gone
  return say(`${ridersInWords(riders.length)} and ${ridesInWords(rideIds.length)} are gone: ${file}`)
}

async function forgetListed(opened: OpenedForCli, file: string, isSure: boolean): Promise<number> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return complain(`The file ${file} cannot be read.`, 2)
  const list = readList(text)
  if (typeof list === 'string') return complain(list, 2)
  const { riderIds, rides } = await returnedOf(opened, list)
  if (riderIds.length + rides.length === 0) return say('Nobody and nothing in this list is there.')
  const those = `${ridersInWords(riderIds.length)} and ${ridesInWords(rides.length)}`
  if (!isSure) {
    return complain(`This would delete ${those}, for good. Nothing was changed. To do it add --yes`, 2)
  }
  const done = await forgetRides(opened, rides, { now: Date.now, signal })
  if (done < rides.length)
    return complain(`Stopped: ${ridesInWords(done)} deleted. The same command goes on.`, 130)
  for (const riderId of riderIds) {
    const code = await forgetOne(opened, riderId, true)
    if (code !== 0) return code
  }
  return say(`Deleted: ${those}.`)
}

async function forgetOne(opened: OpenedForCli, riderId: string, isSure: boolean): Promise<number> {
  const keepsRider = riderId === localRiderId
  const kept = keepsRider ? ' The local rider himself stays: without him nobody could use this server.' : ''
  if (!isSure) {
    const rides = (await ridesOf(opened.work, riderId)).length
    if (rides === 0 && (keepsRider || !(await knowsRider(opened.work, riderId)))) {
      return say(`Nothing is known of this rider.${kept}`)
    }
    const whom = keepsRider ? '' : ', and the rider'
    return complain(
      `This would delete ${ridesInWords(rides)}${whom}, for good.${kept} Nothing was changed. To do it add --yes`,
      2,
    )
  }
  const progress = startProgress(process.stdout)
  announce = progress.say
  const outcome = await forgetRider(opened, { riderId, keepsRider, now: Date.now, progress, signal }).finally(
    () => {
      progress.stop()
      announce = console.error
    },
  )
  return tell(outcome, kept)
}

function tell(outcome: ForgetOutcome, kept: string): number {
  const deleted = `${ridesInWords(outcome.rides)} deleted`
  switch (outcome.outcome) {
    case 'forgotten':
      return say(`Forgotten: ${deleted}. Nothing of the rider was found in the log or beside it.${kept}`)
    case 'stopped':
      return complain(`Stopped: ${deleted}. The same command goes on.`, 130)
    case 'remains': {
      const remains = outcome.remains.map(({ what, count }) => `  ${count} in ${what}`)
      return complain(
        `Not all is forgotten: ${deleted}, but there are still\n${remains.join('\n')}\nRun the same command again.`,
        1,
      )
    }
    default:
      return outcome satisfies never
  }
}

function ridersInWords(riders: number): string {
  return riders === 1 ? '1 rider' : `${riders.toLocaleString('en')} riders`
}

function ridesInWords(rides: number): string {
  return rides === 1 ? '1 ride' : `${rides.toLocaleString('en')} rides`
}

await run(main)

/**
 * `npm run ride`: replays a recording as a live client. Here the parts are put together with the process: its
 * arguments, its signals, its output. Exit codes: 0 done, 1 not done, 2 wrong arguments, 130 stopped by
 * Ctrl-C.
 */

import { readFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { countIn } from '#recordings/plan.ts'
import { type ReadOutcome, readRecording } from '#recordings/read/read.ts'
import { titleOf } from '#recordings/read/title.ts'
import { complain, run, say, stoppedByCtrlC } from './process.ts'
import { systemClock } from './ride/clock.ts'
import { openConnection, pageUrl } from './ride/connection.ts'
import { awaitFinish } from './ride/finish.ts'
import { answerOf, operationOf } from './ride/operations.ts'
import { type RideOptions, readOptions, usage } from './ride/options.ts'
import { type Plan, planReplay } from './ride/plan.ts'
import { startProgress } from './ride/progress.ts'
import { replay } from './ride/replay.ts'
import {
  kilometres,
  leftBehind,
  leftOutInWords,
  nobodyThere,
  refusal,
  seconds,
  unseen,
  waitingFor,
} from './ride/sentences.ts'

async function main(): Promise<number> {
  const read = readOptions(process.argv.slice(2), process.env)
  if (read.outcome === 'help') return say(usage, 0)
  if (read.outcome === 'mistake') return complain(`${read.message}\n\n${usage}`, 2)
  const { options } = read
  const reading = await readFrom(options.file)
  if (reading.outcome === 'refused') return complain(reading.reason, 1)
  const { recording } = reading
  const title = titleOf(recording.name) ?? titleOf(nameOf(options.file)) ?? ''
  const plan = planReplay(recording, title, () => crypto.randomUUID())
  const leftOut = [...reading.leftOut, ...plan.leftOut]
  return send(plan, leftOutInWords(leftOut, countIn(plan.steps, reading.lostPlaces)), options)
}

/** Of a file, without what says its format. */
function nameOf(file: string): string {
  const name = basename(file).replace(/\.gz$/i, '')
  return basename(name, extname(name))
}

async function readFrom(file: string): Promise<ReadOutcome> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(file)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    const reason =
      error.code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read: ${error.message}.`
    return { outcome: 'refused', reason }
  }
  const read = await readRecording(bytes)
  return read.outcome === 'read' ? read : { ...read, reason: `${file}: ${read.reason}` }
}

async function send(plan: Plan, leftOut: string, { url, token, speed }: RideOptions): Promise<number> {
  const page = pageUrl(url, plan.rideId)
  const connection = openConnection({ url, token })
  const progress = startProgress(plan.positions, process.stdout)
  let announce: (text: string) => unknown = progress.note
  const signal = stoppedByCtrlC(() =>
    announce('Stopping behind what is under way; Ctrl-C again leaves at once'),
  )
  let isHinted = false
  const means = { clock: systemClock, random: Math.random, signal }
  const outcome = await replay(plan, {
    ...means,
    speed,
    send: async (step) => answerOf(await connection.execute(operationOf(plan.rideId, step))),
    tell: (news) => {
      if (news.kind === 'answered') {
        if (news.step.kind === 'start') progress.say(`Ride ${plan.rideId}\n${page}`)
        progress.update(news.positionsSent)
        isHinted = false
        return
      }
      if (news.isUnreachable && !isHinted) {
        progress.say(waitingFor(url, news))
        isHinted = true
      }
      progress.note(`${url.host}: ${news.reason}; sending again in ${seconds(news.ms)} s`)
    },
  })
  progress.stop()
  announce = say
  const sent = `${outcome.positionsSent} of ${plan.positions} positions sent`
  if (outcome.outcome === 'refused') {
    await connection.close()
    const seenAt = outcome.isStarted ? `\n${sent}.\n${page}` : ''
    return complain(`${refusal(outcome)}${seenAt}`, 1)
  }
  if (outcome.outcome === 'unreachable') {
    await connection.close()
    return complain(nobodyThere(url, outcome), 1)
  }
  if (outcome.outcome === 'stopped') {
    await connection.close()
    return complain(leftBehind(outcome.isStarted, sent, page), 130)
  }
  say(`${sent}${leftOut}. Waiting for the ride to be processed …`)
  const finish = await awaitFinish(plan.rideId, outcome.cursor, {
    ...means,
    connection,
    tell: (news) => say(`${url.host}: ${news.reason}; asking again`),
  })
  await connection.close()
  if (finish.outcome === 'stopped') return complain(`Stopped waiting. Everything was sent.\n${page}`, 130)
  if (finish.outcome === 'unseen') return say(`${unseen}\n${page}`, 0)
  if (finish.outcome === 'refused') return complain(`Everything was sent, but: ${finish.message}\n${page}`, 1)
  return say(`${finish.status}  ${kilometres(finish.distance)}\n${page}`, 0)
}

await run(main)

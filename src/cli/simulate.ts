/**
 * `npm run simulate`: rides that nobody rides, now and of the last two years. Here the parts are put together with the process:
 * its arguments, its signals, its output. Exit codes: 0 done, 1 not done, 2 wrong arguments, 130 stopped by Ctrl-C.
 */

import { fleetAround } from '#recordings/simulate/fleet.ts'
import { pastRides } from '#recordings/simulate/past.ts'
import { addressBelow } from './address.ts'
import { complain, run, say, stoppedByCtrlC } from './process.ts'
import { systemClock } from './ride/clock.ts'
import { answerOf, operationOf } from './ride/operations.ts'
import { waitingFor } from './ride/sentences.ts'
import { readOptions, type SimulateOptions, usage } from './simulate/options.ts'
import { type Progress, startProgress } from './simulate/progress.ts'
import { openRequests } from './simulate/requests.ts'
import { sendFleet, sendHistory } from './simulate/send-all.ts'
import type { RideNews, SendMeans } from './simulate/send-ride.ts'
import { amount, sum, troubleInWords, underWay } from './simulate/sentences.ts'
import { startCounter } from './simulate/tally.ts'

async function main(): Promise<number> {
  const read = readOptions(process.argv.slice(2), process.env)
  if (read.outcome === 'help') return say(usage, 0)
  if (read.outcome === 'mistake') return complain(`${read.message}\n\n${usage}`, 2)
  const { options } = read
  const stopped = stoppedByCtrlC(() => say('\nStopping and ending the rides; Ctrl-C again leaves at once'))
  const requests = openRequests({ ...options, connections })
  const connected = { stopped, execute: requests.execute }
  try {
    const code = options.history > 0 ? await writeHistory(options, connected) : 0
    return code !== 0 || options.isHistoryOnly ? code : await rideNow(options, connected)
  } finally {
    requests.close()
  }
}

/** So many requests are under way at most: what a server takes at once without a thousand sockets. */
const connections = 32
/** Once all are called off, the ends of their rides are tried to be sent for so long. */
const lastWordMs = 30_000
/** All have set out within this, or within a tenth of the time where that is shorter. */
const longestSettingOutMs = 30_000

interface Connected {
  readonly stopped: AbortSignal
  readonly execute: ReturnType<typeof openRequests>['execute']
}

async function writeHistory(options: SimulateOptions, connected: Connected): Promise<number> {
  const { history, around, seed, url } = options
  const rides = pastRides({ count: history, until: Date.now(), around, seed })
  const progress = startProgress(history, 'rides', process.stdout)
  const { count, tally } = startCounter()
  const tell = (news: RideNews) => {
    count(news)
    if (news.kind === 'arrived') progress.update(tally().ended, `${tally().positions} positions`)
  }
  const means = meansOf(options, connected, connected.stopped, hinting(url, progress, tell))
  const trouble = await sendHistory(rides, means)
  progress.stop()
  if (trouble !== undefined) return complain(troubleInWords(url, trouble), 1)
  if (connected.stopped.aborted) return complain(`Stopped. ${sum(tally())}`, 130)
  return say(`${sum(tally())}\n${addressBelow(url, 'history').href}`, 0)
}

async function rideNow(options: SimulateOptions, connected: Connected): Promise<number> {
  const { riders, seconds, speed, url } = options
  const calledOff = new AbortController()
  const signal = AbortSignal.any([connected.stopped, calledOff.signal])
  const progress = startProgress(Math.ceil(seconds), 's', process.stdout)
  const { count, tally } = startCounter()
  progress.say(`${amount(riders, 'rider')}, to be seen at ${url.href}`)

  const beganAt = Date.now()
  // At a higher speed they began earlier, so that no position is from a time that is still to come.
  const simulatedFrom = beganAt - (speed - 1) * seconds * 1_000
  const timeIsOver = setTimeout(() => calledOff.abort(), seconds * 1_000)
  const report = everySecond((perSecond) => {
    const passed = Math.min(Math.ceil(seconds), Math.round((Date.now() - beganAt) / 1_000))
    const { positions, retries } = tally()
    progress.update(
      passed,
      underWay(tally(), perSecond('positions', positions), perSecond('retries', retries)),
    )
  })
  const trouble = await sendFleet(fleetAround(options), {
    ...meansOf(options, connected, signal, hinting(url, progress, count)),
    riders,
    speed,
    settingOutMs: Math.min(longestSettingOutMs, (seconds * 1_000) / 10),
    simulatedNow: () => simulatedFrom + (Date.now() - beganAt) * speed,
    callOff: () => calledOff.abort(),
  })
  clearTimeout(timeIsOver)
  clearInterval(report)
  progress.stop()
  if (trouble !== undefined) return complain(troubleInWords(url, trouble), 1)
  if (connected.stopped.aborted) return complain(`Stopped. ${sum(tally())}`, 130)
  return say(sum(tally()), 0)
}

function meansOf(
  { visibility, leaveOpen }: SimulateOptions,
  { execute }: Connected,
  signal: AbortSignal,
  tell: (news: RideNews) => void,
): SendMeans {
  const lastWord = new AbortController()
  signal.addEventListener('abort', () => setTimeout(() => lastWord.abort(), lastWordMs).unref())
  return {
    send: async (rideId, step) => answerOf(await execute(operationOf(rideId, step))),
    clock: systemClock,
    random: Math.random,
    newId: () => crypto.randomUUID(),
    visibility,
    leaveOpen,
    signal,
    lastWord: lastWord.signal,
    tell,
  }
}

/** Says once, and not for each of a thousand riders, that nobody answers. */
function hinting(url: URL, progress: Progress, tell: (news: RideNews) => void): (news: RideNews) => void {
  let isHinted = false
  return (news) => {
    if (news.kind === 'answered') isHinted = false
    if (news.kind === 'waiting' && news.isUnreachable && !isHinted) {
      progress.say(waitingFor(url, news))
      isHinted = true
    }
    tell(news)
  }
}

/** Hands out how much a number has grown since it was last asked for. */
function everySecond(report: (perSecond: (name: string, now: number) => number) => void): NodeJS.Timeout {
  const before = new Map<string, number>()
  return setInterval(
    () =>
      report((name, now) => {
        const grown = now - (before.get(name) ?? 0)
        before.set(name, now)
        return grown
      }),
    1_000,
  )
}

await run(main)

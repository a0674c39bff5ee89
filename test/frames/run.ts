/**
 * npm run frames -- --help
 *
 * A thousand riders on the live map, as one who watches them sees it. The server, PostgreSQL, the riders and a browser that draws
 * without a graphics card share this machine: what each of them takes is said beside the figures.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import { complain, run, say } from '#cli/process.ts'
import { cpuOf } from '../bench/cpu.ts'
import { describeMachine, machineOf } from '../bench/machine.ts'
import { openPostgres } from '../bench/postgres.ts'
import type { Figures } from '../bench/rounds.ts'
import { chromiumPath, openBrowser, openWindow, withoutChromium } from '../browser/chromium.ts'
import { mapPane } from '../browser/map-pane.ts'
import { startProduct } from '../support/product.ts'
import { type Counted, countFrames, type Smoothness, smoothnessOf, takeCounted } from './frames.ts'
import { flatnessOf, probeHeap } from './heap.ts'
import { type FramesOptions, readOptions, usage } from './options.ts'

async function main(): Promise<number> {
  const read = readOptions(process.argv.slice(2))
  if (read.outcome === 'help') return say(usage, 0)
  if (read.outcome === 'mistake') return complain(`${read.message}\n\n${usage}`, 2)
  const executable = chromiumPath()
  if (executable === undefined) return complain(withoutChromium, 2)
  const stopped = new AbortController()
  process.once('SIGINT', () => stopped.abort())
  const postgres = await openPostgres(process.env['DATABASE_URL'])
  if (typeof postgres === 'string') return complain(postgres, 2)
  await using opening = new AsyncDisposableStack()
  opening.use(postgres)
  say(describeMachine(machineOf(postgres)))
  const databaseUrl = await postgres.database()
  const product = opening.use(await startProduct({ env: { DATABASE_URL: databaseUrl } }))
  const riders = ride(product.url, read.options)
  opening.defer(() => end(riders))
  const browser = await openBrowser(executable, { gpuCompositing: true })
  opening.defer(() => browser.close())
  const pids = { server: product.pid, riders: riders.pid ?? 0 }
  return await watch(browser, product.url, { pids, databaseUrl }, read.options, stopped.signal)
}

/** Until all have set out, and some uploads more. */
const settlingMs = 45_000
const lookEveryMs = 60_000
/** On a machine that is busy with other things. */
const readyWithinMs = 180_000

async function watch(
  browser: Browser,
  url: string,
  service: Parameters<typeof cpuOf>[0],
  { minutes, path }: FramesOptions,
  stopped: AbortSignal,
): Promise<number> {
  await using window = await openWindow(browser, { serviceWorkers: 'allow' })
  const page = await window.newPage()
  await countFrames(page)
  const until = (ms: number) => pause(ms, undefined, { signal: stopped }).catch(() => undefined)
  await until(settlingMs)
  const opened = Date.now()
  await page.goto(url + path)
  await page.locator('[data-map-ready=true]').waitFor({ state: 'attached', timeout: readyWithinMs })
  const readyAfter = (Date.now() - opened) / 1_000
  const heap = await probeHeap(page)
  await until(10_000)
  say(
    `${await mapPane(page).says('marker-count')} markers on the map, ready after ${readyAfter.toFixed(1)} s`,
  )
  await takeCounted(page)

  const heaps: number[] = []
  const all: Counted[] = []
  const looks = Math.max(1, Math.round((minutes * 60_000) / lookEveryMs))
  const every = (minutes * 60_000) / looks
  for (let look = 1; look <= looks && !stopped.aborted; look++) {
    const before = await cpuTimes(browser, service)
    const began = Date.now()
    await until(every)
    const counted = await takeCounted(page)
    const seconds = (Date.now() - began) / 1_000
    const cpu = shares(before, await cpuTimes(browser, service), seconds)
    heaps.push(await heap.look())
    // What collecting the garbage has held up is none of the page's.
    await takeCounted(page)
    all.push(counted)
    say(
      `${(look * every) / 60_000} min: ${inWords(smoothnessOf(counted))}; heap ${mebibytes(heaps.at(-1)!)}; CPU ${cpu}`,
    )
  }
  if (stopped.aborted) return complain('Stopped.', 130)
  const frames = all.flatMap((counted) => counted.frames)
  const longTasks = all.flatMap((counted) => counted.longTasks)
  say(`all: ${inWords(smoothnessOf({ frames, longTasks }))}`)
  const { second, last, isFlat } = flatnessOf(heaps)
  return say(
    `${isFlat ? 'ok  ' : 'FAIL'}  heap: ${mebibytes(second)}, then ${mebibytes(last)}`,
    isFlat ? 0 : 1,
  )
}

/** Private to the local rider, who watches; for longer than it is looked. */
function ride(url: string, { riders, minutes }: FramesOptions): ChildProcess {
  const seconds = String(Math.ceil(minutes * 75 + 120))
  const args = ['src/cli/simulate.ts', '--url', url, '--riders', String(riders), '--seconds', seconds]
  return spawn(process.execPath, args, { cwd: new URL('../..', import.meta.url), stdio: 'ignore' })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

/** Seconds of CPU time so far, by who took them. */
async function cpuTimes(browser: Browser, service: Parameters<typeof cpuOf>[0]): Promise<Figures> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const browsers: Record<string, number> = {}
  for (const { type, cpuTime } of processInfo) browsers[type] = (browsers[type] ?? 0) + cpuTime
  return { ...(await cpuOf(service)), ...browsers }
}

function shares(before: Figures, after: Figures, seconds: number): string {
  return Object.entries(after)
    .map(([name, taken]) => [name, (100 * (taken - (before[name] ?? 0))) / seconds] as const)
    .filter(([, share]) => share >= 0.5)
    .map(([name, share]) => `${name} ${share.toFixed(0)} %`)
    .join(', ')
}

function inWords({ median, fifth, worst, longTasks, longestTask }: Smoothness): string {
  return `${median} frames/s (5 %: ${fifth}, worst ${worst}), ${longTasks} long tasks (longest ${longestTask.toFixed(0)} ms)`
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`
}

await run(main)

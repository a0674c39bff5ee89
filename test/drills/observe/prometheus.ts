/** A real Prometheus of a drill's own, with the rules as they are provisioned but for their times, which are made shorter. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { eventually } from '../../support/eventually.ts'
import { freePort } from '../../support/free-port.ts'

export interface Prometheus extends AsyncDisposable {
  /** Scrapes just these from now on: `127.0.0.1:4000`. */
  watch(targets: readonly string[]): Promise<void>
  /** An expression's series, with their values. */
  ask(expression: string): Promise<readonly Series[]>
  /** The names of the alerts that fire. */
  firing(): Promise<ReadonlySet<string>>
}

export interface Series {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** How many times shorter the times of the rules are than they are provisioned: a minute is three seconds. */
export const timesShorter = 20

const rulesFile = new URL('../../../ops/prometheus/alerts.yml', import.meta.url)
const secondsOf = { s: 1, m: 60, h: 3_600 } as const

/** Durations of PromQL and of rules, as `for: 2m`, `[5m]`, `[1m:15s]` and `offset 2m` have them. Thresholds stay what they are. */
export function withShorterTimes(rules: string): string {
  return rules.replace(
    /(for: |\[|:|offset )(\d+)([smh])\b/g,
    (_, before: string, count: string, unit: string) => {
      const seconds = Number(count) * secondsOf[unit as keyof typeof secondsOf]
      return `${before}${(seconds * 1_000) / timesShorter}ms`
    },
  )
}

export async function startPrometheus(): Promise<Prometheus> {
  const directory = await mkdtemp(join(tmpdir(), 'slipstream-prometheus-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const targetsFile = join(directory, 'targets.json')
  await writeFile(targetsFile, '[]')
  await writeFile(join(directory, 'alerts.yml'), withShorterTimes(await readFile(rulesFile, 'utf8')))
  await writeFile(
    join(directory, 'prometheus.yml'),
    `global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
rule_files: [alerts.yml]
scrape_configs:
  - job_name: slipstream
    file_sd_configs: [{ files: [targets.json], refresh_interval: 1s }]
`,
  )
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(directory, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  running.add(child)
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4_000)
  })
  await eventually('Prometheus to be ready', async () => {
    if (child.exitCode !== null) throw new Error(`It ended.\n${said}`)
    return (await fetch(`${url}/-/ready`)).ok
  })

  async function get<Data>(path: string): Promise<Data> {
    const response = await fetch(`${url}${path}`)
    const { status, data, error } = (await response.json()) as { status: string; data: Data; error?: string }
    if (status !== 'success') throw new Error(`Prometheus refuses ${path}: ${error}`)
    return data
  }

  return {
    watch: (targets) => writeFile(targetsFile, JSON.stringify([{ targets }])),
    async ask(expression) {
      const { result } = await get<{ result: readonly VectorItem[] }>(
        `/api/v1/query?query=${encodeURIComponent(expression)}`,
      )
      return result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }))
    },
    async firing() {
      const { alerts } = await get<{ alerts: readonly Alert[] }>('/api/v1/alerts')
      return new Set(alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname))
    },
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
      running.delete(child)
      await rm(directory, { recursive: true, force: true })
    },
  }
}

interface VectorItem {
  readonly metric: Readonly<Record<string, string>>
  readonly value: readonly [number, string]
}

interface Alert {
  readonly state: string
  readonly labels: { readonly alertname: string }
}

/** Whatever ends the drill ends them too. */
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** What promtool has to say of an exposition; empty where there is nothing. */
export async function faultsOfExposition(text: string): Promise<string> {
  const checking = promisify(execFile)('promtool', ['check', 'metrics'])
  checking.child.stdin?.end(text)
  return checking.then(
    ({ stdout, stderr }) => stdout + stderr,
    (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
  )
}

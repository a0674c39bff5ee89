/**
 * Hours in small: riders who upload steadily, rides that end and begin, subscribers who come and go. What must stay flat is
 * looked at every few seconds, and judged by the medians of the second third and the last: the first third warms up.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Means } from './measurement.ts'
import type { Plot } from './plot.ts'
import { createProbe, type Look } from './probe.ts'
import { ask, startRides, upload } from './requests.ts'
import { median } from './rounds.ts'
import { startService } from './service.ts'
import { subscribe } from './subscribers.ts'

export interface Soak {
  readonly plots: readonly Plot[]
  readonly judgements: readonly Flatness[]
}

export interface Flatness {
  readonly what: string
  /** Medians of the second and the last third. */
  readonly second: number
  readonly last: number
  readonly isFlat: boolean
}

const riders = 50
const uploadsOf = 5
const uploadEveryMs = 250
const watchers = 40
const end = 'mutation($input:RideCommandInput!){endRide(input:$input){__typename ... on Error{message}}}'
const feed =
  'subscription($r:ID!){rideFeed(rideId:$r){cursor version status positions{at latitude longitude}}}'

export async function measureSoak({ postgres, quick, say }: Means, minutes: number): Promise<Soak> {
  const probes = { api: createProbe(), worker: createProbe() }
  const env = { apiEnv: probes.api.env, workerEnv: probes.worker.env }
  await using service = await startService(postgres, ['api', 'worker'], env)
  const until = Date.now() + minutes * 60_000
  const isOver = () => Date.now() >= until
  const current = new Set<string>()
  const faults: unknown[] = []
  const working = [
    ...Array.from({ length: riders }, (_, rider) => ride(service.graphqlUrl, rider, current, isOver)),
    ...Array.from({ length: watchers }, (_, number) => watch(service.graphqlUrl, number, current, isOver)),
  ].map((work) => work.catch((error: unknown) => faults.push(error)))
  const began = Date.now()
  const samples: { minutes: number; api: Look; worker: Look }[] = []
  while (!isOver()) {
    await pause(Math.min(quick ? 1_000 : 5_000, Math.max(1, until - Date.now())))
    const [api, worker] = await Promise.all([probes.api.look(), probes.worker.look()])
    samples.push({ minutes: (Date.now() - began) / 60_000, api, worker })
    if (samples.length % 12 === 0) say(`${samples.at(-1)!.minutes.toFixed(1)} of ${minutes} minutes`)
    if (faults.length > 0) throw faults[0]
  }
  await Promise.all(working)
  return report(samples)
}

/** Rides one ride after the other, of a minute or so. */
async function ride(url: string, rider: number, current: Set<string>, isOver: () => boolean): Promise<void> {
  for (let round = 0; !isOver(); round++) {
    const [rideId] = await startRides(url, 1)
    current.add(rideId!)
    const uploads = 120 + ((rider * 37 + round * 11) % 120)
    for (let count = 0; count < uploads && !isOver(); count++) {
      const { query, variables } = upload(rideId!, uploadsOf, count)
      await ask(url, query, { input: { ...variables.input, uploadId: randomUUID() } })
      await pause(uploadEveryMs)
    }
    current.delete(rideId!)
    await ask(url, end, { input: { rideId, commandId: randomUUID() } })
  }
}

/** Watches a ride for a while, then another. */
async function watch(url: string, number: number, current: ReadonlySet<string>, isOver: () => boolean) {
  for (let round = 0; !isOver(); round++) {
    const rides = [...current]
    const rideId = rides[(number * 7 + round * 13) % Math.max(1, rides.length)]
    if (rideId !== undefined) {
      const operation = () => ({ query: feed, variables: { r: rideId } })
      await using watching = await subscribe({ url: url.replace(/^http/, 'ws'), count: 1, operation })
      await watching.count(2 + ((number + round) % 20))
    } else await pause(100)
  }
}

type Sample = { readonly minutes: number; readonly api: Look; readonly worker: Look }

function report(samples: readonly Sample[]): Soak {
  const memory = (process: 'api' | 'worker', field: 'rss' | 'heapUsed') =>
    samples.map((sample) => [sample.minutes, sample[process][field] / 2 ** 20] as const)
  const late = (process: 'api' | 'worker') =>
    samples.map((sample) => [sample.minutes, sample[process].lateMs.p99] as const)
  const memories = (['api', 'worker'] as const).flatMap((process) => [
    { name: `${process}, resident`, points: memory(process, 'rss') },
    { name: `${process}, heap`, points: memory(process, 'heapUsed') },
  ])
  const delays = (['api', 'worker'] as const).map((process) => ({ name: process, points: late(process) }))
  const x = { label: 'minutes of steady load' }
  return {
    plots: [
      { name: 'soak-memory', title: 'Memory under steady load', x, y: { label: 'MiB' }, series: memories },
      {
        name: 'soak-delay',
        title: 'Delay of the event loop, p99 of each look',
        x,
        y: { label: 'ms' },
        series: delays,
      },
    ],
    judgements: [
      ...memories.map(({ name, points }) =>
        flatness(
          `${name} (MiB)`,
          points.map(([, value]) => value),
          16,
        ),
      ),
      ...delays.map(({ name, points }) =>
        flatness(
          `${name}, delay (ms)`,
          points.map(([, value]) => value),
          10,
        ),
      ),
    ],
  }
}

/** The last third's median is at most a tenth above the second's, or no more above than what differs by chance. */
export function flatness(what: string, values: readonly number[], slack: number): Flatness {
  const third = Math.floor(values.length / 3)
  const second = median(values.slice(third, 2 * third))
  const last = median(values.slice(2 * third))
  return { what, second, last, isFlat: last <= Math.max(second * 1.1, second + slack) }
}

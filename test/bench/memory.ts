/** What an idle subscription takes of resident memory, beyond what a bare socket takes. */
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../support/free-port.ts'
import type { Means } from './measurement.ts'
import type { Postgres } from './postgres.ts'
import { createProbe, type Probe } from './probe.ts'
import { startServer } from './processes.ts'
import { startRides } from './requests.ts'
import { type Figures, mediansOf } from './rounds.ts'
import { startService } from './service.ts'
import { subscribe } from './subscribers.ts'

/** Of which the subscribers watch one each, in turn. */
const rides = 100
/** So that all code has run before anything is weighed. */
const warmUp = 300
const feed =
  'subscription($r:ID!){rideFeed(rideId:$r){cursor version status positions{at latitude longitude}}}'

/** `memory.subscriptionKiB`, and what it is the difference of. */
export async function measureMemory({ postgres, quick, rounds, say }: Means): Promise<Figures> {
  const count = quick ? 1_000 : 5_000
  const all: Figures[] = []
  for (let round = 1; round <= Math.min(rounds, 2); round++) {
    say(`${count} idle subscriptions, then as many bare sockets`)
    const subscription = (await weighSubscriptions(postgres, [count]))[0]! / count / 1_024
    const socket = (await weighSockets([count]))[0]! / count / 1_024
    all.push({
      'memory.subscriptionKiB': subscription - socket,
      'memory.subscriptionInAllKiB': subscription,
      'memory.socketKiB': socket,
    })
  }
  return mediansOf(all)
}

/** Bytes that subscriptions take in all, when there are so many and then more. */
export async function weighSubscriptions(postgres: Postgres, counts: readonly number[]): Promise<number[]> {
  const probe = createProbe()
  await using service = await startService(postgres, ['api', 'worker'], { apiEnv: probe.env })
  const url = service.graphqlUrl.replace(/^http/, 'ws')
  const ids = await startRides(service.graphqlUrl, rides)
  const operation = (index: number) => ({ query: feed, variables: { r: ids[index % rides] } })
  return await weigh(probe, { url, operation }, counts)
}

/** Bytes that bare sockets take in all. */
export async function weighSockets(counts: readonly number[]): Promise<number[]> {
  const probe = createProbe()
  const port = await freePort()
  const env = { ...probe.env, PEER_PORT: String(port) }
  const directory = new URL('servers/', import.meta.url)
  await using _server = await startServer(['bare-ws.ts'], { directory, env })
  return await weigh(probe, { url: `ws://127.0.0.1:${port}` }, counts)
}

interface Watched {
  readonly url: string
  readonly operation?: (index: number) => unknown
}

async function weigh(probe: Probe, watched: Watched, counts: readonly number[]): Promise<number[]> {
  {
    await using first = await subscribe({ ...watched, count: warmUp })
    await first.silence()
  }
  await pause(1_000)
  const before = await settled(probe)
  const weights: number[] = []
  await using opened = new AsyncDisposableStack()
  let open = 0
  for (const count of counts) {
    const more = opened.use(await subscribe({ ...watched, count: count - open }))
    open = count
    await more.silence()
    weights.push((await settled(probe)) - before)
  }
  return weights
}

/** The system gets memory back a while after it was collected. */
async function settled(probe: Probe): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let look = 0; look < 4; look++) {
    least = Math.min(least, (await probe.look('collected')).rss)
    await pause(300)
  }
  return least
}

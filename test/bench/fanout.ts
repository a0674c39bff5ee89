/** One ride with 500 subscribers: how much is delivered at most, and how soon at half of what has to be delivered. */
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../support/free-port.ts'
import type { Means } from './measurement.ts'
import type { Peers } from './peers.ts'
import { startServer } from './processes.ts'
import { openPublisher } from './publisher.ts'
import { startRides } from './requests.ts'
import { type Figures, inTurn, type Turn, under } from './rounds.ts'
import { saturate } from './saturation.ts'
import { type Service, startService } from './service.ts'
import { type Subscribers, subscribe } from './subscribers.ts'

const subscribers = 500
const feed =
  'subscription($r:ID!){rideFeed(rideId:$r){cursor version status positions{at latitude longitude altitude speed}}}'
const stockFeed =
  'subscription($r:ID!){ridePosition(rideId:$r){rideId version latitude longitude altitude speed at sentAt}}'
/** Publications a second: the stock server is saturated by the first or second. */
const stockRates = [40, 60, 90]

/** Of what bare sockets deliver, as the budget has it. */
const mustReach = 0.7

interface Seen {
  /** The upload of one position as the product sends it: the limit sends the same bytes. */
  frame: string
  /** Where the search of the round before ended. */
  productRate: number
  limitRate: number
  /** Messages a second, in the round before or this one. */
  limitBest: number
}

/** `fanout.project|ws|graphql-ws . perSecond` at their best, and the project's `p50` and `p99` at half of what it must reach. */
export async function measureFanout({ postgres, peers, rounds, quick, say }: Means): Promise<Figures> {
  await using service = await startService(postgres, ['api', 'worker'])
  const seen: Seen = { frame: '', productRate: 240, limitRate: 450, limitBest: 0 }
  const seconds = quick ? 1.5 : 2.5
  const turns: Turn[] = [
    { name: 'the product', take: () => product(service, seen, seconds) },
    { name: 'bare ws', take: () => limit(seen, seconds) },
    { name: 'the product, at half of what it must reach', take: () => halfLoad(service, seen, seconds) },
    ...(peers === undefined ? [] : [{ name: 'graphql-ws', take: () => stock(peers, seconds) }]),
  ]
  return await inTurn(rounds, turns, say)
}

async function product({ graphqlUrl }: Service, seen: Seen, seconds: number): Promise<Figures> {
  await using watched = await watchRide(graphqlUrl, seen)
  const { watching, publisher } = watched
  const best = await saturate({
    from: Math.max(20, seen.productRate / 1.5),
    deliver: (rate) => delivered(watching, () => publisher.setRate(rate), seconds),
  })
  seen.productRate = best.rate
  return { 'fanout.project.perSecond': best.delivered }
}

async function halfLoad({ graphqlUrl }: Service, seen: Seen, seconds: number): Promise<Figures> {
  await using watched = await watchRide(graphqlUrl, seen)
  const { watching, publisher } = watched
  publisher.setRate((mustReach * seen.limitBest) / subscribers / 2)
  await pause(1_000)
  const { p50 = 0, p99 = 0 } = await watching.count(2 * seconds)
  if (publisher.refused() > 0)
    throw new Error('Uploads were refused at half of the load that must be reached')
  return under('fanout.project', { p50, p99 })
}

/** 500 who watch a ride, and one who rides it. */
async function watchRide(graphqlUrl: string, seen: Seen) {
  const opening = new AsyncDisposableStack()
  const url = graphqlUrl.replace(/^http/, 'ws')
  const [rideId] = await startRides(graphqlUrl, 1)
  const publisher = opening.use(await openPublisher(url, rideId!))
  const watching = opening.use(
    await subscribe({
      url,
      count: subscribers,
      operation: () => ({ query: feed, variables: { r: rideId } }),
      latencyOf(text) {
        const at = /"at":"([^"]+)"/.exec(text)?.[1]
        if (at === undefined) return undefined
        seen.frame = text
        // The position's time is when it was sent.
        return Date.now() - Date.parse(at)
      },
    }),
  )
  return { watching, publisher, [Symbol.asyncDispose]: () => opening.disposeAsync() }
}

async function limit(seen: Seen, seconds: number): Promise<Figures> {
  const port = await freePort()
  const directory = new URL('servers/', import.meta.url)
  const env = { PEER_PORT: String(port), FRAME: seen.frame }
  await using _server = await startServer(['bare-ws.ts'], { directory, env })
  await using watching = await subscribe({ url: `ws://127.0.0.1:${port}`, count: subscribers })
  const best = await saturate({
    from: seen.limitRate / 1.5,
    deliver: (rate) => delivered(watching, () => watching.say(String(rate)), seconds),
  })
  seen.limitRate = best.rate
  seen.limitBest = best.delivered
  return { 'fanout.ws.perSecond': best.delivered }
}

async function stock(peers: Peers, seconds: number): Promise<Figures> {
  let most = 0
  for (const rate of stockRates) {
    await using server = await peers.start('graphql-ws', { RATE: String(rate) })
    await using watching = await subscribe({
      url: `ws://127.0.0.1:${server.port}/graphql`,
      count: subscribers,
      operation: () => ({ query: stockFeed, variables: { r: 'r1' } }),
    })
    const perSecond = await delivered(watching, () => undefined, seconds)
    most = Math.max(most, perSecond)
    // Where it keeps up no more, subscribers wait long to get in.
    if (perSecond < 0.9 * rate * subscribers) break
  }
  return { 'fanout.graphql-ws.perSecond': most }
}

async function delivered(watching: Subscribers, offer: () => void, seconds: number): Promise<number> {
  offer()
  await pause(800)
  const { perSecond = 0 } = await watching.count(seconds)
  return perSecond
}

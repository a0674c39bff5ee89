/** One ride with 500 subscribers: how much is delivered at most, and how soon at half of that. */
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../support/product.ts'
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

interface Seen {
  /** The upload of one position as the product sends it: the limit sends the same bytes. */
  frame: string
  /** Where the search of the round before ended. */
  productRate: number
  limitRate: number
}

/** `fanout.project|ws|graphql-ws . perSecond` at their best, and the project's `p50` and `p99` at half of its own. */
export async function measureFanout({ postgres, peers, rounds, quick, say }: Means): Promise<Figures> {
  await using service = await startService(postgres, ['api', 'worker'])
  const seen: Seen = { frame: '', productRate: 240, limitRate: 450 }
  const seconds = quick ? 1.5 : 2.5
  const turns: Turn[] = [
    { name: 'the product', take: () => product(service, seen, seconds) },
    { name: 'bare ws', take: () => limit(seen, seconds) },
    ...(peers === undefined ? [] : [{ name: 'graphql-ws', take: () => stock(peers, seconds) }]),
  ]
  return await inTurn(rounds, turns, say)
}

async function product({ graphqlUrl }: Service, seen: Seen, seconds: number): Promise<Figures> {
  const url = graphqlUrl.replace(/^http/, 'ws')
  const [rideId] = await startRides(graphqlUrl, 1)
  await using publisher = await openPublisher(url, rideId!)
  await using watching = await subscribe({
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
  })
  const best = await saturate({
    from: Math.max(20, seen.productRate / 1.5),
    deliver: (rate) => delivered(watching, () => publisher.setRate(rate), seconds),
  })
  seen.productRate = best.rate
  publisher.setRate(0)
  await watching.silence()
  publisher.setRate(best.delivered / subscribers / 2)
  await pause(1_000)
  const refused = publisher.refused()
  const { p50 = 0, p99 = 0 } = await watching.count(2 * seconds)
  if (publisher.refused() > refused)
    throw new Error('Uploads were refused at half of the load that is delivered')
  return under('fanout.project', { perSecond: best.delivered, p50, p99 })
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

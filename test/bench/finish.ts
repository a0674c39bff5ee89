/**
 * node test/bench/finish.ts --url postgres://postgres@127.0.0.1:5432/postgres [--rides 20] [--long-rides 8] [--upload-seconds 10]
 *
 * From the answer to endRide until a subscriber sees FINISHED, for rides of one hour and of ten at a position a second: with
 * the API and the worker in one process, and in two. Uploads hold that many seconds of the ride: the fewer, the more events
 * a ride is read from. Makes databases of its own on that server and drops them at the end.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { type Connection, openConnection } from '#cli/ride/connection.ts'
import { answerOf, operationOf } from '#cli/ride/operations.ts'
import type { Step } from '#cli/ride/plan.ts'
import { planOf } from '#recordings/plan.ts'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import { type Product, startProduct } from '../support/product.ts'
import { directly } from './directly.ts'
import { quantile } from './quantile.ts'

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    rides: { type: 'string', default: '20' },
    'long-rides': { type: 'string', default: '8' },
    'upload-seconds': { type: 'string', default: '10' },
  },
})
const lengths = [
  { hours: 1, rides: Number(values.rides) },
  { hours: 10, rides: Number(values['long-rides']) },
]
const uploadSpanMs = Number(values['upload-seconds']) * 1_000
if (values.url === undefined || lengths.some(({ rides }) => !(rides > 0)) || !(uploadSpanMs > 0)) {
  console.error(
    'node test/bench/finish.ts --url postgres://… [--rides 20] [--long-rides 8] [--upload-seconds 10]',
  )
  process.exit(2)
}

const feed = /* GraphQL */ `subscription Finish($rideId: ID!, $after: Cursor) {
  rideFeed(rideId: $rideId, after: $after, until: FINISHED) { version status }
}`

for (const roles of [['all'], ['api', 'worker']] as const) await bench(values.url, roles)

async function bench(server: string, roles: readonly ('all' | 'api' | 'worker')[]): Promise<void> {
  const name = `slipstream_bench_${randomBytes(4).toString('hex')}`
  const url = new URL(server)
  url.pathname = `/${name}`
  await using opening = new AsyncDisposableStack()
  await directly(server, (client) => client.query(`create database ${name}`))
  opening.defer(async () => {
    await directly(server, (client) => client.query(`drop database ${name} with (force)`))
  })
  const products: Product[] = []
  for (const role of roles) {
    products.push(opening.use(await startProduct({ role, env: { DATABASE_URL: url.href } })))
  }
  const connection = openConnection({ url: new URL(products[0]!.url), token: undefined })
  opening.defer(() => connection.close())
  // The first one meets cold plans and code that is not compiled yet.
  await finishTime(connection, rideOf(1, 0))
  for (const { hours, rides } of lengths) {
    const times: number[] = []
    for (let ride = 1; ride <= rides; ride++) times.push(await finishTime(connection, rideOf(hours, ride)))
    const [p50, p99, most] = [0.5, 0.99, 1].map((share) => `${quantile(times, share).toFixed(0)} ms`)
    console.log(`${roles.join(' + ')}, ${rides} rides of ${hours} h: p50 ${p50}, p99 ${p99}, longest ${most}`)
  }
}

interface Ride {
  readonly rideId: string
  readonly steps: readonly Step[]
}

/** Of so many hours by the timer, and over by now. */
function rideOf(hours: number, seed: number): Ride {
  const duration = hours * 3_600
  const startedAt = Date.now() - 3 * duration * 1_000
  const recording = simulateRide({ seed, start: { latitude: 46, longitude: 14 }, startedAt, duration })
  const steps = planOf(recording, uploadSpanMs).steps.map((step): Step => {
    if (step.kind === 'upload') return { ...step, uploadId: randomUUID() }
    if (step.kind === 'start') return { ...step, kind: 'start', title: `Ride ${seed}` }
    return { ...step, kind: step.kind, commandId: randomUUID() }
  })
  return { rideId: randomUUID(), steps }
}

/** Milliseconds from the answer to endRide until the feed says FINISHED. */
async function finishTime(connection: Connection, { rideId, steps }: Ride): Promise<number> {
  let cursor = ''
  let before = ''
  const send = async (step: Step): Promise<void> => {
    const answer = answerOf(await connection.execute(operationOf(rideId, step)))
    if (answer.kind !== 'accepted') throw new Error(`${step.kind}: ${answer.message}`)
    before = cursor
    cursor = answer.cursor
  }
  for (const step of steps.slice(0, -1)) await send(step)

  const watching = new AbortController()
  let finishedAt = 0
  const open = Promise.withResolvers<void>()
  // From one before the last: its item says that the feed is open.
  const watched = connection.subscribe(
    { query: feed, variables: { rideId, after: before } },
    (data) => {
      if (JSON.stringify(data).includes('"FINISHED"')) finishedAt = performance.now()
      open.resolve()
    },
    watching.signal,
  )
  await Promise.race([open.promise, watched])
  await send(steps.at(-1)!)
  const endedAt = performance.now()
  await watched
  if (finishedAt === 0) throw new Error('The feed ended without FINISHED')
  return finishedAt - endedAt
}

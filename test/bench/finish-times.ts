/** From the answer to endRide until a subscriber sees FINISHED, for simulated rides at a position a second. */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { type Connection, openConnection } from '#cli/ride/connection.ts'
import { answerOf, operationOf } from '#cli/ride/operations.ts'
import type { Step } from '#cli/ride/plan.ts'
import { planOf } from '#recordings/plan.ts'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import { keyFor } from './credentials.ts'

export interface Finishes {
  /** By the timer. */
  readonly hours: number
  readonly rides: number
  /** An upload holds that many seconds of the ride: the fewer, the more events a ride is read from. */
  readonly uploadSeconds: number
}

/** Many times what is allowed. */
const patienceMs = 30_000

interface Ride {
  readonly rideId: string
  readonly steps: readonly Step[]
}

const feed = /* GraphQL */ `subscription Finish($rideId: ID!, $after: Cursor) {
  rideFeed(rideId: $rideId, after: $after, until: FINISHED) { version status }
}`

/** Milliseconds, one ride after the other. */
export async function finishTimes(
  url: string,
  { hours, rides, uploadSeconds }: Finishes,
): Promise<readonly number[]> {
  const connection = openConnection({ url: new URL(url), token: keyFor(url) })
  try {
    const times: number[] = []
    for (let seed = 0; seed < rides; seed++) {
      times.push(await finishTime(connection, rideOf(hours, seed, uploadSeconds)))
    }
    return times
  } finally {
    await connection.close()
  }
}

/** Of so many hours by the timer, and over by now. */
function rideOf(hours: number, seed: number, uploadSeconds: number): Ride {
  const duration = hours * 3_600
  const startedAt = Date.now() - 3 * duration * 1_000
  const recording = simulateRide({ seed, start: { latitude: 46, longitude: 14 }, startedAt, duration })
  const steps = planOf(recording, uploadSeconds * 1_000).steps.map((step): Step => {
    if (step.kind === 'upload') return { ...step, uploadId: randomUUID() }
    if (step.kind === 'start') return { ...step, kind: 'start', title: `Ride ${seed}` }
    return { ...step, kind: step.kind, commandId: randomUUID() }
  })
  return { rideId: randomUUID(), steps }
}

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
  await within(Promise.race([open.promise, watched]), 'The feed says nothing')
  await send(steps.at(-1)!)
  const endedAt = performance.now()
  await within(watched, 'The feed did not come to FINISHED')
  if (finishedAt === 0) throw new Error('The feed ended without FINISHED')
  // The feed may be faster than the answer.
  return Math.max(0, finishedAt - endedAt)
}

async function within(work: Promise<unknown>, otherwise: string): Promise<void> {
  const enough = new AbortController()
  const late = pause(patienceMs, 'late', { signal: enough.signal })
  // Nobody waits for it when the work was done before.
  late.catch(() => undefined)
  const first = await Promise.race([work, late])
  enough.abort()
  if (first === 'late') throw new Error(otherwise)
}

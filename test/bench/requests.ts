/** What the measurements ask of the product, through its public contract. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import { eventually } from '../support/eventually.ts'
import { credentialsFor } from './credentials.ts'

export const recordPositions = /* GraphQL */ `mutation Record($input: RecordPositionsInput!) {
  recordPositions(input: $input) { __typename ... on RecordPositionsPayload { version } ... on Error { message } }
}`

const startRide = /* GraphQL */ `mutation Start($input: StartRideInput!) {
  startRide(input: $input) { __typename ... on StartRidePayload { rideId } ... on Error { message } }
}`

/** Rides start this long ago, so that positions may be of any time since. */
const startedAgoMs = 7_200_000

const answered = z.object({ data: z.unknown().optional(), errors: z.array(z.unknown()).optional() })

/** Gives the data; throws where there are errors. */
export async function ask(url: string, query: string, variables: unknown): Promise<unknown> {
  const { data, errors } = answered.parse(JSON.parse(await post(url, JSON.stringify({ query, variables }))))
  if (errors !== undefined) throw new Error(`The answer was ${JSON.stringify(errors).slice(0, 300)}`)
  return data
}

/**
 * Over a connection of its own: one that is kept is closed by the server when it has idled for a while, perhaps at the very
 * moment that it is used again.
 */
async function post(url: string, body: string): Promise<string> {
  const headers = { 'content-type': 'application/json', ...credentialsFor(url) }
  const sent = request(url, { method: 'POST', agent: false, headers })
  sent.end(body)
  const [response] = await once(sent, 'response')
  return text(response)
}

/** More at once would be turned away by a full backlog of connections. */
const atOnce = 50

/** Their ids. */
export async function startRides(
  url: string,
  count: number,
  startedAt = Date.now() - startedAgoMs,
): Promise<string[]> {
  const ids: string[] = []
  while (ids.length < count) {
    const some = Array.from({ length: Math.min(atOnce, count - ids.length) }, () => startOne(url, startedAt))
    ids.push(...(await Promise.all(some)))
  }
  return ids
}

async function startOne(url: string, startedAt: number): Promise<string> {
  const rideId = randomUUID()
  const input = { rideId, startedAt: new Date(startedAt).toISOString() }
  const answer = JSON.stringify(await ask(url, startRide, { input }))
  if (!answer.includes('StartRidePayload')) throw new Error(`A ride was not started: ${answer}`)
  return rideId
}

/** With a real one's noise: where neighbours differ by the same each time, an upload takes fewer bytes in the log. */
const ridden = simulateRide({
  seed: 1,
  start: { latitude: 46, longitude: 14 },
  startedAt: 0,
  duration: 3_600,
}).entries.flatMap((entry) =>
  entry.kind === 'position' && 'latitude' in entry.position ? entry.position : [],
)

/** A position as a phone sends it: time, place, altitude, speed, accuracy. */
export function position(index: number, at = Date.now()) {
  const { latitude, longitude, altitude, speed, accuracy } = ridden[index % ridden.length]!
  return { at: new Date(at).toISOString(), latitude, longitude, altitude, speed, accuracy }
}

/** A mutation of so many positions, a second apart, the last of now. */
export function upload(rideId: string, count: number, index = 0) {
  const from = Date.now() - (count - 1) * 1_000
  const positions = Array.from({ length: count }, (_, each) => position(index + each, from + each * 1_000))
  return { query: recordPositions, variables: { input: { rideId, positions } } }
}

const behindness = z.object({
  projections: z.array(z.object({ partitions: z.array(z.object({ behind: z.number() })) })),
})

/** Waits until the workers have caught up: what they still had to do would slow down whoever is next. */
export async function quiet(url: string): Promise<void> {
  await eventually(
    'the workers to catch up',
    async () => {
      const { projections } = behindness.parse(
        await ask(url, '{ projections { partitions { behind } } }', {}),
      )
      return projections.every(({ partitions }) => partitions.every(({ behind }) => behind === 0))
    },
    { withinMs: 120_000, everyMs: 200 },
  )
}

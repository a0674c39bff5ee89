/** The thread of `neighbour.ts`. */
import { randomUUID } from 'node:crypto'
import { Agent } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import type { Report } from './neighbour.ts'
import { ask } from './roads.ts'

const apartMs = 20
const { url, headers } = workerData as { url: string; headers: Record<string, string> }
const agent = new Agent({ keepAlive: true })
const rideId = randomUUID()
const startedAt = Date.now()

let times: number[] = []
let refusals = new Set<string>()
let asked = 0

async function operate(query: string, variables: object): Promise<void> {
  const before = performance.now()
  const { status, body } = await ask(`${url}/graphql`, {
    agent,
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  times.push(performance.now() - before)
  if (status !== 200 || body.includes('"code"')) refusals.add(`${status}: ${body.slice(0, 200)}`)
}

const start =
  'mutation ($input: StartRideInput!) { startRide(input: $input) { ... on Error { code message } } }'
const upload =
  'mutation ($input: RecordPositionsInput!) { recordPositions(input: $input) { ... on Error { code message } } }'
const read = '{ rides(first: 20) { nodes { id title status progress { distance } } } }'

await operate(start, { input: { rideId, startedAt: new Date(startedAt).toISOString() } })
parentPort?.on('message', () => {
  parentPort?.postMessage({ times, refusals: [...refusals] } satisfies Report)
  times = []
  refusals = new Set()
})
while (true) {
  asked++
  const position = {
    at: new Date(startedAt + asked * 1000).toISOString(),
    latitude: 46 + asked * 1e-5,
    longitude: 14.5,
  }
  if (asked % 2 === 0) await operate(upload, { input: { rideId, positions: [position] } })
  else await operate(read, {})
  await pause(apartMs)
}

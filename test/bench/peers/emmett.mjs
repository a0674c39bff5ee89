// Appends of POSITIONS events each to Emmett's PostgreSQL store, by WRITERS at once with a stream each, for SECONDS behind a
// warm-up. Prints what was reached as JSON. It is a library: nothing but its own calls and the database is in between.

import { randomUUID } from 'node:crypto'
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql'

const [writers, positions, seconds] = ['WRITERS', 'POSITIONS', 'SECONDS'].map((name) =>
  Number(process.env[name]),
)
const store = getPostgreSQLEventStore(process.env.DATABASE_URL)
const event = (i) => ({ type: 'RidePositionUpdated', data: { lat: 51.5, lng: -0.12, t: 1732200000000, i } })
const events = Array.from({ length: positions }, (_, i) => event(i))
await store.appendToStream(`warm-${randomUUID()}`, [event(0)])

async function append(forSeconds) {
  const latencies = []
  const end = performance.now() + forSeconds * 1000
  await Promise.all(
    Array.from({ length: writers }, async () => {
      const stream = `ride-${randomUUID()}`
      let version
      while (performance.now() < end) {
        const began = performance.now()
        const options = version === undefined ? {} : { expectedStreamVersion: version }
        version = (await store.appendToStream(stream, events, options)).nextExpectedStreamVersion
        latencies.push(performance.now() - began)
      }
    }),
  )
  return latencies.sort((a, b) => a - b)
}

await append(1.5)
const latencies = await append(seconds)
const quantile = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))]
console.log(
  JSON.stringify({ perSecond: latencies.length / seconds, p50: quantile(0.5), p99: quantile(0.99) }),
)
await store.close()

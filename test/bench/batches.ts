/** Uploads of 100 positions over HTTP, beside a store of events in batches of 100 and bare inserts of the same uploads. */
import { insertBare } from './bare-insert.ts'
import { load } from './http-load.ts'
import type { Means } from './measurement.ts'
import { ask, quiet, startRides, upload } from './requests.ts'
import { type Figures, inTurn, type Turn, under } from './rounds.ts'
import { startService } from './service.ts'
import { storeFigures } from './writes.ts'

const connections = 16
const positions = 100
const rides = 100
const emmettWriters = 8

/** `batches.project|emmett|bare|bareRows . positionsPerSecond`, and the project's `p50` and `p99` an upload. */
export async function measureBatches({ postgres, peers, rounds, quick, say }: Means): Promise<Figures> {
  const seconds = quick ? 2 : 5
  await using service = await startService(postgres, ['api', 'worker'])
  const turns: Turn[] = [
    {
      name: 'the product',
      async take() {
        const ids = await startRides(service.graphqlUrl, rides)
        const bodies = ids.map((rideId, index) => upload(rideId, positions, index * 31))
        const expect = 'RecordPositionsPayload'
        const figures = await load({ url: service.graphqlUrl, bodies, connections, seconds, expect })
        await quiet(service.graphqlUrl)
        const { perSecond = 0, p50 = 0, p99 = 0 } = figures
        return under('batches.project', { positionsPerSecond: perSecond * positions, p50, p99 })
      },
    },
    {
      name: 'bare inserts',
      async take() {
        const { databaseUrl, graphqlUrl } = service
        const groups = { databaseUrl, groupOf: connections, seconds: seconds / 2 }
        const uploads = await insertBare({ ...groups, events: 'largest' })
        // The other way to keep them, which the log does not go: an event a position.
        const [rideId] = await startRides(graphqlUrl, 1)
        const { query, variables } = upload(rideId!, 1)
        await ask(graphqlUrl, query, variables)
        const single = { ...groups, groupOf: connections * positions, events: 'smallest' } as const
        const { perSecond: rows = 0 } = await insertBare(single)
        return {
          'batches.bare.positionsPerSecond': (uploads['perSecond'] ?? 0) * positions,
          'batches.bareRows.positionsPerSecond': rows,
        }
      },
    },
  ]
  if (peers !== undefined) {
    turns.push({
      name: 'emmett',
      async take() {
        const writers = {
          WRITERS: String(emmettWriters),
          POSITIONS: String(positions),
          SECONDS: String(seconds),
        }
        const { perSecond } = storeFigures.parse(await peers.run('emmett.mjs', writers))
        return { 'batches.emmett.positionsPerSecond': perSecond * positions }
      },
    })
  }
  // What is open is closed on return.
  return await inTurn(rounds, turns, say)
}

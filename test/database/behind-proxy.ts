/** Rides on a PostgreSQL of the test's own, reached through a network that can fail. */
import { randomUUID } from 'node:crypto'
import { type Database, openDatabase } from '#database/database.ts'
import { migrate } from '#database/migrate.ts'
import { openCommands } from '#log/commands.ts'
import { openLog } from '#log/log.ts'
import type { ReadTables } from '#projections/tables.ts'
import { rideDecider } from '#ride/decider.ts'
import type { RideCommand } from '#ride/ride.ts'
import type { Cluster } from '../support/cluster.ts'
import { type DatabaseProxy, startProxy } from '../support/proxy.ts'
import { statement } from '../support/statement.ts'

export interface BehindProxy extends AsyncDisposable {
  readonly proxy: DatabaseProxy
  /** Through the proxy. */
  readonly url: string
  /** Past the proxy. */
  readonly directUrl: string
  readonly database: Database<ReadTables>
  /** Commands a ride: its event's position in the log, or what it was answered instead. */
  command(rideId: string, command: RideCommand, eventId?: string): Promise<number | string>
  /** What was said, in order: `away`, `back`, `broken`. */
  readonly said: readonly string[]
}

const rider = '00000000-0000-4000-8000-000000000001'
const startedAt = Date.UTC(2026, 4, 31, 8)
export const start: RideCommand = { type: 'startRide', startedAt, title: null, visibility: 'PRIVATE' }
export const pause: RideCommand = { type: 'pauseRide', at: startedAt + 60_000 }

/** A new database on the cluster, with its migrations run. */
export async function openBehindProxy(cluster: Cluster): Promise<BehindProxy> {
  const name = `behind_${randomUUID().replaceAll('-', '')}`
  await statement(cluster.url, `create database ${name}`)
  const directUrl = pathed(cluster.url, name)
  const migration = await migrate({ url: directUrl, partitions: 1 })
  if (migration.outcome === 'refused') throw new Error(migration.reason)
  const proxy = await startProxy({ target: cluster.port, random: Math.random })
  const through = new URL(directUrl)
  through.port = String(proxy.port)
  const said: string[] = []
  const database = openDatabase<ReadTables>({
    url: through.href,
    onConnectionLost: () => said.push('broken'),
    onAway: () => said.push('away'),
    onBack: () => said.push('back'),
  })
  const log = await openLog(database.write)
  const commands = openCommands(log, rideDecider)
  return {
    proxy,
    url: through.href,
    directUrl,
    database,
    async command(rideId, command, eventId = randomUUID()) {
      const answer = await commands.handle({
        streamId: rideId,
        eventId,
        contentHash: log.hash(JSON.stringify(command)),
        command,
        circumstances: { actor: { riderId: rider }, now: startedAt + 3_600_000 },
      })
      return answer.outcome === 'accepted' ? answer.position : answer.outcome
    },
    said,
    async [Symbol.asyncDispose]() {
      await log.close()
      await database.close()
      await proxy[Symbol.asyncDispose]()
    },
  }
}

function pathed(url: string, database: string): string {
  const other = new URL(url)
  other.pathname = `/${database}`
  return other.href
}

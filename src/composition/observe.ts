/** What is looked up each time that Prometheus asks. */
import { type ConnectionPool, sql } from '@databases/pg'
import type { DatabaseUse } from '#database/database.ts'
import { readVitals } from '#database/vitals.ts'
import type { Log } from '#log/log.ts'
import type { Administration, ProjectionStatus } from '#projections/administration.ts'
import type { Metrics } from '#telemetry/metrics.ts'
import type { ProjectionStanding } from '#telemetry/projecting.ts'
import type { RideCommands } from './counted-commands.ts'

export interface Observed {
  readonly metrics: Metrics
  readonly database: ConnectionPool
  /** Positions of the newest events that queries see; undefined where they read from the same database. */
  readonly replicaHeads: (() => Promise<ReadonlyMap<number, number>>) | undefined
  readonly use: () => DatabaseUse
  readonly log: Log
  readonly commands: RideCommands
  readonly administration: Administration
  /** By the machine's own clock, milliseconds since 1970. */
  readonly machineTime: () => number
}

/** Several ask at once, and none of them needs it newer. */
const askedEveryMs = 1_000
/** An answer that comes too late is of no use: Prometheus has given up by then, and so have whoever waits for the rest. */
const answerWithinMs = 3_000
/** One that is silent keeps nobody from what the database says. */
const replicaWithinMs = 1_000

/** What the database knows is asked for when it is wanted: while it does not answer, the last that is known stands. */
export function observe(observed: Observed): void {
  const { metrics, use, log, commands } = observed
  metrics.storage.watch(use)
  metrics.writeRoad.watch(() => ({ commandBytes: commands.waitingBytes(), appendBytes: log.waitingBytes() }))
  let asking: Promise<void> | undefined
  let askedAt = Number.NEGATIVE_INFINITY
  metrics.beforeEach(async () => {
    const isNews = performance.now() - askedAt >= askedEveryMs
    if (asking === undefined && isNews) {
      askedAt = performance.now()
      asking = (use().isAvailable ? ask(observed) : Promise.reject(new Error('The database is away')))
        .catch(() => metrics.storage.vitals(undefined))
        .finally(() => {
          asking = undefined
        })
    }
    // Who comes while it is being asked waits for the same answer.
    if (asking !== undefined) await within(answerWithinMs, asking)
  })
}

/** Undefined where it takes longer: whoever waits has other things to wait for. */
async function within<T>(ms: number, asking: Promise<T>): Promise<T | undefined> {
  let giveUp: NodeJS.Timeout | undefined
  const tooLong = new Promise<undefined>((resolve) => {
    giveUp = setTimeout(() => resolve(undefined), ms)
  })
  return Promise.race([asking, tooLong]).finally(() => clearTimeout(giveUp))
}

async function ask({
  metrics,
  database,
  replicaHeads,
  administration,
  machineTime,
}: Observed): Promise<void> {
  const [{ vitals, clockAheadSeconds }, statuses, webhooksOverdue, heads] = await Promise.all([
    vitalsAndClock(database, machineTime),
    administration.status(),
    countOverdue(database),
    replicaHeads && within(replicaWithinMs, replicaHeads()).catch(() => undefined),
  ])
  metrics.projecting.stand(statuses.map((status) => standing(status, vitals.at)))
  for (const { partition, head } of statuses[0]?.partitions ?? []) metrics.writeRoad.head(partition, head)
  const isReplicaAway = replicaHeads !== undefined && heads === undefined
  metrics.storage.vitals({
    ...vitals,
    webhooksOverdue,
    clockAheadSeconds,
    // Nobody knows how far one is that does not answer.
    replicaLagSeconds: isReplicaAway
      ? Number.POSITIVE_INFINITY
      : heads && (await lagOf(database, heads, vitals.at)),
  })
}

/** The database looked at its clock somewhere between question and answer. */
async function vitalsAndClock(database: ConnectionPool, machineTime: () => number) {
  const asked = machineTime()
  const vitals = await readVitals(database)
  return { vitals, clockAheadSeconds: ((asked + machineTime()) / 2 - vitals.at) / 1_000 }
}

function standing({ partitions, ...status }: ProjectionStatus, at: number): ProjectionStanding {
  return {
    ...status,
    partitions: partitions.map(({ behindSince, ...place }) => ({
      ...place,
      lagSeconds: behindSince === null ? 0 : Math.max(0, at - behindSince) / 1_000,
    })),
  }
}

const mostOverdue = 1_000

async function countOverdue(database: ConnectionPool): Promise<number> {
  const [row] = await database.query(sql`
    select count(*)::integer as count from (
      select from webhook_deliveries
       where state = 'WAITING' and next_attempt_at < clock_timestamp() - interval '1 minute' limit ${mostOverdue}
    ) as overdue`)
  return row.count
}

/** How long ago the first event was recorded that is not there yet. Seconds. */
async function lagOf(
  database: ConnectionPool,
  heads: ReadonlyMap<number, number>,
  at: number,
): Promise<number> {
  const partitions = [...heads.keys()]
  const [row] = await database.query(sql`
    select (extract(epoch from min(e.recorded_at)) * 1000)::float8 as since
      from unnest(${partitions}::smallint[], ${[...heads.values()]}::bigint[]) as seen (partition, position)
      join events e on e.partition = seen.partition and e.position = seen.position + 1`)
  return row.since === null ? 0 : Math.max(0, at - row.since) / 1_000
}

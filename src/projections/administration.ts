/**
 * Looking after the projections: how they stand, which rides
 * are parked, and what an administrator does about it.
 */
import { type ConnectionPool, sql } from '@databases/pg'
import type { FaultDescription } from '#database/fault-description.ts'
import type { VersionState } from './checkpoint.ts'
import type { Projection } from './projection.ts'
import { type RetryOutcome, retryRide, skipEvent } from './retry.ts'
import { beginVersion, dropVersion } from './versions.ts'

export interface ProjectionStatus {
  readonly projection: string
  readonly version: number
  readonly state: VersionState
  /** When it came to that state, in milliseconds since 1970. */
  readonly since: number
  readonly partitions: readonly PartitionStatus[]
  readonly parkedRides: number
}

export interface PartitionStatus {
  readonly partition: number
  /** How far it has come. */
  readonly position: number
  /** The log's newest. */
  readonly head: number
  /** When the first event that it has not come past was recorded, in milliseconds since 1970; null where there is none. */
  readonly behindSince: number | null
}

export interface ParkedRide {
  readonly projection: string
  readonly version: number
  readonly partition: number
  readonly rideId: string
  /** Of the event that failed. */
  readonly rideVersion: number
  readonly position: number
  readonly eventType: string
  readonly error: FaultDescription
  readonly attempts: number
  /** Milliseconds since 1970. */
  readonly parkedAt: number
  /** As it is now: whose the ride is, and whether it is deleted. */
  readonly stream: { readonly state: unknown; readonly isGone: boolean }
}

export interface Administration {
  status(): Promise<ProjectionStatus[]>
  /** Of one ride, or the oldest of all. */
  parked(options?: { rideId?: string; limit?: number }): Promise<ParkedRide[]>
  /** Applies what has waited since the ride was parked, wherever it was. */
  retry(rideId: string): Promise<RideOutcome[]>
  /**
   * Passes over the event that failed (only where it is this
   * version of the ride, if one is given), then as `retry`.
   */
  skip(rideId: string, rideVersion?: number): Promise<RideOutcome[]>
  /**
   * Begins to build a new version, or finds the one that is being
   * built. Workers build it, and serve it when it is whole.
   */
  rebuild(name: string): Promise<RebuildOutcome>
  /** Drops the version that is being built; answers which, or undefined where there is none. */
  cancel(name: string): Promise<number | undefined>
}

/** For each version of a projection in which the ride was parked. None: it is parked nowhere. */
export type RideOutcome = RetryOutcome & { readonly projection: string; readonly version: number }

export type RebuildOutcome =
  | { readonly outcome: 'begun' | 'under way'; readonly version: number }
  | { readonly outcome: 'unknown'; readonly known: readonly string[] }

export interface AdministrationOptions {
  readonly database: ConnectionPool
  readonly projections: readonly Projection[]
  readonly partitions: number
}

export function openAdministration({
  database,
  projections,
  partitions,
}: AdministrationOptions): Administration {
  async function parked({ rideId, limit = 100 }: { rideId?: string; limit?: number } = {}) {
    const rows: ParkedRow[] = await database.query(sql`
      select r.projection, r.version, r.partition, r.ride_id, r.ride_version, r.position, r.event_type, r.error, r.attempts,
             (extract(epoch from r.parked_at) * 1000)::float8 as parked_at, s.state, coalesce(s.deleted, false) as deleted
        from parked_rides r
        left join lateral (
          select state, deleted from streams where partition = r.partition and stream_id = r.ride_id
           order by version desc limit 1
        ) s on true
       where ${rideId === undefined ? sql`true` : sql`r.ride_id = ${rideId}`}
       order by r.parked_at, r.ride_id limit ${limit}`)
    return rows.map(parkedRide)
  }

  async function forEachParked(
    rideId: string,
    act: (projection: Projection, ride: ParkedRide) => Promise<RetryOutcome>,
  ): Promise<RideOutcome[]> {
    const outcomes: RideOutcome[] = []
    for (const ride of await parked({ rideId })) {
      const projection = projections.find(({ name }) => name === ride.projection)
      if (projection === undefined) continue
      const { version } = ride
      outcomes.push({ ...(await act(projection, ride)), projection: projection.name, version })
    }
    return outcomes
  }

  return {
    async status() {
      const rows: StatusRow[] = await database.tx(async (transaction) => {
        // Of tables that are new the planner believes so much that it compiles this: half a second for a millisecond's work.
        await transaction.query(sql`set local jit = off`)
        return await transaction.query(sql`
          select v.projection, v.version, v.state, (extract(epoch from v.since) * 1000)::float8 as since,
                 l.partition, at.position,
                 (select (extract(epoch from e.recorded_at) * 1000)::float8 from events e
                   where e.partition = l.partition and e.position = at.position + 1) as behind_since,
                 coalesce((select e.position from events e where e.partition = l.partition
                            order by e.position desc limit 1), 0) as head,
                 (select count(*) from parked_rides r
                   where r.projection = v.projection and r.version = v.version) as parked
            from projection_version v cross join log_partition l
            cross join lateral (
              select coalesce((select p.position from projection_position p
                                where p.projection = v.projection and p.version = v.version
                                  and p.partition = l.partition
                                order by p.position desc limit 1), 0) as position
            ) at
           order by v.projection, v.version, l.partition`)
      })
      return statusOf(rows)
    },
    parked,
    retry: (rideId) => forEachParked(rideId, (projection, ride) => retryRide(database, projection, ride)),
    skip: (rideId, rideVersion) =>
      forEachParked(rideId, async (projection, ride) => {
        await skipEvent(database, projection, { ...ride, rideVersion: rideVersion ?? ride.rideVersion })
        return retryRide(database, projection, ride)
      }),
    async rebuild(name) {
      const projection = projections.find((each) => each.name === name)
      if (projection === undefined) return { outcome: 'unknown', known: projections.map((each) => each.name) }
      const { version, isNew } = await beginVersion(database, projection, { partitions })
      return { outcome: isNew ? 'begun' : 'under way', version }
    },
    async cancel(name) {
      const projection = projections.find((each) => each.name === name)
      return projection && (await dropVersion(database, projection, { state: 'building' }))
    },
  }
}

interface StatusRow {
  readonly projection: string
  readonly version: number
  readonly state: VersionState
  readonly since: number
  readonly partition: number
  readonly position: number
  readonly head: number
  readonly behind_since: number | null
  readonly parked: number
}

function statusOf(rows: readonly StatusRow[]): ProjectionStatus[] {
  const statuses: (ProjectionStatus & { partitions: PartitionStatus[] })[] = []
  for (const { projection, version, state, since, parked, behind_since: behindSince, ...place } of rows) {
    const partition = { ...place, behindSince }
    const last = statuses.at(-1)
    if (last?.projection === projection && last.version === version) last.partitions.push(partition)
    else statuses.push({ projection, version, state, since, parkedRides: parked, partitions: [partition] })
  }
  return statuses
}

interface ParkedRow {
  readonly projection: string
  readonly version: number
  readonly partition: number
  readonly ride_id: string
  readonly ride_version: number
  readonly position: number
  readonly event_type: string
  readonly error: FaultDescription
  readonly attempts: number
  readonly parked_at: number
  readonly state: unknown
  readonly deleted: boolean
}

function parkedRide(row: ParkedRow): ParkedRide {
  const { projection, version, partition, position, error, attempts } = row
  return {
    projection,
    version,
    partition,
    position,
    error,
    attempts,
    rideId: row.ride_id,
    rideVersion: row.ride_version,
    eventType: row.event_type,
    parkedAt: row.parked_at,
    stream: { state: row.state, isGone: row.deleted },
  }
}

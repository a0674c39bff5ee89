/**
 * The right to be forgotten: a rider's rides, found in the log itself (the read side may lag), deleted as any
 * ride is, and redacted at once. Each step may be the last: whoever begins again goes on.
 */
import { type ConnectionPool, type Queryable, sql } from '@databases/pg'
import type { Commands } from '#log/commands.ts'
import type { Log } from '#log/log.ts'
import { redactStream } from '#log/redact.ts'
import type { Circumstances, RideCommand, RideRefusal } from '#ride/ride.ts'
import { derivedId } from './derived-id.ts'
import { type Projection, tableOf } from './projection.ts'
import { forgetChangesOf } from './ride-changes.ts'
import { readVersions } from './versions.ts'

export interface RideToForget {
  readonly partition: number
  readonly rideId: string
}

/**
 * All rides of the rider that are not deleted yet, or whose content is still there: an earlier attempt may have ended in
 * between. Looks through all streams: seconds where there are millions.
 */
export async function ridesOf(database: Queryable, riderId: string): Promise<RideToForget[]> {
  const rows: { partition: number; stream_id: string }[] = await database.query(sql`
    select partition, stream_id from streams
     where type = 'ride' and not deleted and state->>'riderId' = ${riderId}
    union all select s.partition, s.stream_id from ${notRedactedOf(riderId)}
     order by partition, stream_id`)
  return rows.map(({ partition, stream_id: rideId }) => ({ partition, rideId }))
}

export interface Means {
  readonly database: ConnectionPool
  readonly log: Pick<Log, 'hash' | 'partitionOf'>
  readonly commands: Commands<RideCommand, Circumstances, RideRefusal>
  readonly now: () => number
}

/**
 * Deletes a ride and takes its events their content. False
 * where the database did not take it: to be tried again.
 */
export async function forgetRide(
  { database, log, commands, now }: Means,
  { partition, rideId }: RideToForget,
): Promise<boolean> {
  const { outcome } = await commands.handle({
    streamId: rideId,
    eventId: derivedId(log, 'forget', rideId),
    contentHash: '',
    command: { type: 'deleteRide', at: null },
    circumstances: { actor: 'system', now: now() },
    metadata: { actor: 'system' },
  })
  if (outcome === 'overloaded') return false
  if (outcome !== 'accepted' && outcome !== 'gone') throw new Error(`A ride could not be deleted: ${outcome}`)
  await redactStream(database, { partition, streamId: rideId })
  return true
}

export async function knowsRider(database: Queryable, riderId: string): Promise<boolean> {
  return (await database.query(sql`select from riders where rider_id = ${riderId}`)).length > 0
}

export async function removeRider(database: Queryable, riderId: string): Promise<void> {
  await forgetChangesOf(database, riderId)
  await database.query(sql`delete from riders where rider_id = ${riderId}`)
}

export interface Remains {
  /** What there is too much of, in words. */
  readonly what: string
  readonly count: number
}

export interface Forgotten {
  readonly riderId: string
  /** Those that were found to be the rider's: once they are redacted nothing says whose they were. */
  readonly rides: readonly RideToForget[]
  readonly projections: readonly Projection[]
}

/** Looks everywhere for what ought to be gone: nothing, if all went well and the read side has caught up. */
export async function remainsOf(
  database: Queryable,
  { riderId, rides, projections }: Forgotten,
): Promise<Remains[]> {
  const tables = (await readVersions(database)).flatMap(({ projection, version }) => {
    const names = projections.find(({ name }) => name === projection)?.tables ?? []
    return names.map((name) => ({ name, table: tableOf(name, version), called: `${name}_${version}` }))
  })
  const looks = [
    { what: 'streams', rows: sql`streams where type = 'ride' and state->>'riderId' = ${riderId}` },
    ...ofRider.map((name) => ({ what: name, rows: sql`${sql.ident(name)} where rider_id = ${riderId}` })),
    ...ofAccount.map(({ name, column }) => ({
      what: name,
      rows: sql`${sql.ident(name)} t where t.${sql.ident(column)} = ${riderId}
                 and not exists (select from riders where rider_id = ${riderId})`,
    })),
    {
      what: 'ride_changes',
      rows: sql`ride_changes where rider_id = ${riderId}
                 and not exists (select from riders where rider_id = ${riderId})`,
    },
    { what: 'streams deleted and not redacted', rows: notRedactedOf(riderId) },
    {
      what: 'events with content',
      rows: sql`${keysOf(rides)} as r (partition, ride_id)
        join streams s on s.partition = r.partition and s.stream_id = r.ride_id
        join events e on e.partition = r.partition and e.stream_id = r.ride_id
         and (e.metadata is not null or e.content_hash is not null
              or e.version < s.version and e.data::text <> 'null')`,
    },
    ...['parked_rides', 'finish_outbox'].map((name) => ({
      what: name,
      rows: ofRides(sql.ident(name), rides),
    })),
    ...tables.map(({ table, called }) => ({ what: called, rows: ofRides(table, rides) })),
    ...tables
      .filter(({ name }) => name === 'rides')
      .map(({ table, called }) => ({ what: called, rows: sql`${table} where rider_id = ${riderId}` })),
  ]
  const remains: Remains[] = []
  for (const { what, rows } of looks) {
    const [row] = await database.query(sql`select count(*) as count from ${rows}`)
    const { count }: { count: number } = row
    if (count > 0) remains.push({ what, count })
  }
  return remains
}

/** Also of a rider who stays, as the local one does. */
const ofRider = ['webhook_endpoints', 'webhook_deleted_rides']

/** They go with his row. */
const ofAccount = [
  { name: 'accounts', column: 'id' },
  { name: 'sessions', column: 'user_id' },
  { name: 'sign_in_methods', column: 'user_id' },
  { name: 'api_keys', column: 'rider_id' },
  { name: 'token_subjects', column: 'rider_id' },
  { name: 'privacy_zones', column: 'rider_id' },
]

/** The state of what is deleted says no more whose it was; until it is redacted its first event does. */
function notRedactedOf(riderId: string) {
  return sql`streams s
    join events first on first.partition = s.partition and first.stream_id = s.stream_id and first.version = 1
   where s.type = 'ride' and s.deleted and not s.redacted and first.data->>'riderId' = ${riderId}`
}

/** Rows of these rides: what is left of others' keeps nobody's mark. */
function ofRides(table: ReturnType<typeof tableOf>, rides: readonly RideToForget[]) {
  return sql`${table} t where (t.partition, t.ride_id) in (select * from ${keysOf(rides)})`
}

function keysOf(rides: readonly RideToForget[]) {
  return sql`unnest(${rides.map(({ partition }) => partition)}::smallint[], ${rides.map(({ rideId }) => rideId)}::uuid[])`
}

/** Holds the log against what the clients were told, and against itself. */
import { isDeepStrictEqual } from 'node:util'
import { decodeRideEvent } from '#ride/encoding.ts'
import type { RideEvent } from '#ride/events.ts'
import { evolve, notStarted, type RideState } from '#ride/ride.ts'
import { query } from './database-directly.ts'
import { digestOf, keyOf, type Ledger } from './ledger.ts'

/** An event as it stands in the log. */
export interface Recorded {
  readonly rideId: string
  readonly eventId: string
  readonly partition: number
  readonly position: number
  readonly version: number
  readonly recordedAt: Date
  readonly type: string
  /** Undefined where a deletion took its content. */
  readonly event: RideEvent | undefined
}

/** Positions of each partition and versions of each stream are contiguous from 1. */
export async function verifyOrder(url: string, { find }: Ledger): Promise<void> {
  const partitions = await query(
    url,
    `select partition, count(*), min(position) as first, max(position) as last from events group by partition`,
  )
  for (const { partition, count, first, last } of partitions) {
    if (first !== 1 || last !== count)
      find('hole', `Partition ${partition} has ${count} of ${first} to ${last}`)
  }
  const streams = await query(
    url,
    `select coalesce(e.stream_id, s.stream_id) as stream_id, e.count, e.first, e.last, e.ids, s.version
       from (select partition, stream_id, count(*), min(version) as first, max(version) as last,
                    count(distinct event_id) as ids
               from events group by partition, stream_id) e
       full join streams s on s.partition = e.partition and s.stream_id = e.stream_id
      where e.first is distinct from 1 or e.last is distinct from e.count or e.ids is distinct from e.count
         or s.version is distinct from e.last`,
  )
  for (const row of streams) find('hole', `The versions of a stream are not whole: ${JSON.stringify(row)}`)
}

/**
 * Every acknowledged command is in its stream once, with the version and the content that were acknowledged, and
 * nothing else is: not what was refused, and nothing that nobody sent.
 */
export function verifyCommands(events: readonly Recorded[], ledger: Ledger, seen: Set<string>): void {
  const { acknowledged, deletions, find } = ledger
  for (const recorded of events) {
    const { rideId, eventId, version, type, event } = recorded
    const key = keyOf(rideId, eventId)
    if (seen.has(key)) find('duplicated', `${type} ${key} is in the log twice`)
    seen.add(key)
    const command = acknowledged.get(key)
    if (command === undefined) {
      if (type === 'RideDeleted' && eventId === deletions.get(rideId)) continue
      // The system's own, once a ride.
      const finish = keyOf(rideId, type)
      if (type === 'RideFinished' && !seen.has(finish)) {
        seen.add(finish)
        continue
      }
      find('duplicated', `${type} ${key} is in the log and was never acknowledged`)
    } else if (command.version !== version || command.type !== type) {
      const told = `${command.type} at version ${command.version}`
      find('diverged', `${key} was acknowledged as ${told}, and is ${type} at ${version}`)
    } else if (command.digest !== undefined && event?.type === 'RidePositionsRecorded') {
      if (digestOf(event.positions) !== command.digest) find('diverged', `The positions of ${key} are others`)
    }
  }
}

export function verifyNoneLost(
  { acknowledged, deletions, rides, find }: Ledger,
  seen: ReadonlySet<string>,
): void {
  for (const [key, { type, version }] of acknowledged) {
    if (!seen.has(key))
      find('lost', `${type} ${key} was acknowledged at version ${version} and is not in the log`)
  }
  for (const [rideId, eventId] of deletions) {
    if (!seen.has(keyOf(rideId, eventId))) find('lost', `The deletion of ride ${rideId} is not in the log`)
  }
  for (const [rideId, { ended }] of rides) {
    if (!ended) find('lost', `Ride ${rideId} could not be ended`)
  }
}

/** The state beside a stream is the fold of its events; of a deleted one only that it is. */
export function verifyState(
  rideId: string,
  events: readonly Recorded[],
  state: unknown,
  ledger: Ledger,
): void {
  const folded = events.reduce<RideState>(
    (before, { event }) => (event === undefined ? before : evolve(before, event)),
    notStarted,
  )
  if (!isDeepStrictEqual(JSON.parse(JSON.stringify(folded)), state)) {
    const both = `${JSON.stringify(state)}, not ${JSON.stringify(folded)}`
    ledger.find('diverged', `The state of ride ${rideId} is ${both}`)
  }
}

/** Of a deleted ride the last event says so, alone still with content; of any other all have theirs. */
export function verifyRedaction(rideId: string, events: readonly Recorded[], { find }: Ledger): void {
  const isDeleted = events.some(({ type }) => type === 'RideDeleted')
  for (const { version, type, event } of events) {
    const isLast = version === events.length
    if ((type === 'RideDeleted') !== (isDeleted && isLast)) {
      find('diverged', `Version ${version} of the deleted ride ${rideId} is ${type}`)
    }
    if ((event !== undefined) !== (!isDeleted || isLast)) {
      find(
        'diverged',
        `${type} of ride ${rideId} ${event === undefined ? 'has lost' : 'still has'} its content`,
      )
    }
  }
}

/** The whole streams of these rides, each in order. */
export async function readRides(url: string, rideIds: readonly string[]): Promise<Map<string, Recorded[]>> {
  const rows = await query(
    url,
    `select partition, position, stream_id, version, event_id, recorded_at, type, schema_version, data
       from events where stream_id = any($1::uuid[]) order by stream_id, version`,
    [rideIds],
  )
  const recorded = rows.map(
    (row): Recorded => ({
      rideId: String(row['stream_id']),
      eventId: String(row['event_id']),
      partition: Number(row['partition']),
      position: Number(row['position']),
      version: Number(row['version']),
      recordedAt: row['recorded_at'] as Date,
      type: String(row['type']),
      event:
        row['data'] === null
          ? undefined
          : decodeRideEvent({
              type: String(row['type']),
              schemaVersion: Number(row['schema_version']),
              data: row['data'],
            }),
    }),
  )
  return Map.groupBy(recorded, ({ rideId }) => rideId)
}

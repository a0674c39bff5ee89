/**
 * Projection `routes`: when a ride has ended its route, its statistics and its track are built, once, from
 * all its events, and the ride is put in the outbox to be called finished (`finisher.ts`).
 */
import { setImmediate as breath } from 'node:timers/promises'
import { sql, type Transaction } from '@databases/pg'
import type { Log } from '#log/log.ts'
import { type RecordedEvent, readWholeStream } from '#log/read.ts'
import { decodeRideEvent } from '#ride/encoding.ts'
import { timeZoneAt } from '#ride/time-zone.ts'
import { along } from '#ride/track/along.ts'
import { boundingBoxOf, cutAtAntimeridian } from '#ride/track/antimeridian.ts'
import type { Track } from '#ride/track/segment.ts'
import { splitsOf } from '#ride/track/splits.ts'
import { statisticsOf } from '#ride/track/statistics.ts'
import { trackOf } from '#ride/track/track.ts'
import { encodeTrack } from '#ride/track/track-encoding.ts'
import { type Projection, tableOf } from './projection.ts'
import { encodeLines } from './well-known-binary.ts'

export function routes(log: Log, { committed }: { committed: () => void }): Projection {
  return {
    name: 'routes',
    // 2: cleaned and smoothed tracks; splits, streams, thumbnails. 3: better smoothing, climbing, average
    // and highest speed; a pause of no length is none; the time zone.
    revision: 3,
    eventTypes: ['RideEnded', 'RideDeleted'],
    // A route of ten hours takes a tenth of a second, and
    // whoever waits for the checkpoint waits for the batch.
    batchSize: 20,
    tables: ['routes', 'tracks'],
    async apply(transaction, version, events) {
      for (const event of events) {
        if (event.type === 'RideEnded') await buildRoute(transaction, log, version, event)
        else await removeRoute(transaction, version, event)
      }
    },
    effects: keepOutbox,
    committed,
  }
}

async function buildRoute(
  transaction: Transaction,
  log: Log,
  version: number,
  ended: RecordedEvent,
): Promise<void> {
  const { partition, streamId } = ended
  // Nothing that comes behind RideEnded changes the route.
  const recorded = await readWholeStream(transaction, log, streamId)
  // Deleted, and redacted, since the batch was read: its RideDeleted is still to come.
  if (recorded.some(({ data }) => data === null)) return
  // A ride of days takes most of a second: where a server
  // works beside, its requests get their turn in between.
  const events = recorded.map(decodeRideEvent)
  await breath()
  const track = trackOf(events)
  await breath()
  await saveRoute(transaction, version, { partition, streamId }, track)
  await transaction.query(sql`
    insert into ${tableOf('tracks', version)} (partition, ride_id, track)
    values (${partition}, ${streamId}, ${JSON.stringify(encodeTrack(track))}::json)
    on conflict (partition, ride_id) do nothing`)
}

/**
 * Metres to which thumbnails are thinned: a request for a
 * tolerance is answered with the coarsest that is fine enough.
 * (ST_SimplifyPreserveTopology takes 26 ms for ten hours at a sample a second where this takes 1.8, and keeps
 * rings that a line does not have.)
 */
export const thumbnailTolerances = [10, 50, 250] as const
/**
 * Metres in the longest degree of WGS 84, one of latitude at the poles (at the
 * equator one of longitude has 111,319): a tolerance in metres, divided by it,
 * is nowhere more than that in degrees, and nothing gets thinner than asked for.
 */
export const longestDegree = 111_694

async function saveRoute(
  transaction: Transaction,
  version: number,
  { partition, streamId }: { readonly partition: number; readonly streamId: string },
  track: Track,
): Promise<void> {
  const milestones = along(track)
  const numbers = statisticsOf(track, milestones)
  await breath()
  const splits = {
    KILOMETRE: splitsOf(track, milestones, 'KILOMETRE'),
    MILE: splitsOf(track, milestones, 'MILE'),
  }
  const stretches = track.segments.map(({ fixes }) => fixes).filter((fixes) => fixes.length > 1)
  const lines = stretches.flatMap(cutAtAntimeridian).filter((line) => line.length > 1)
  const isDrawn = lines.length > 0
  const box = boundingBoxOf(lines)
  const points = isDrawn ? stretches.reduce((sum, { length }) => sum + length, 0) : null
  const thumbnails = sql.join(
    thumbnailTolerances.map(
      (tolerance) => sql`${String(tolerance)}::text, (
        select json_agg(ST_AsEncodedPolyline(part.geom) order by part.path)
          from ST_Dump(ST_Simplify(ST_Force2D(route), ${tolerance / longestDegree}::float8, true)) part)`,
    ),
    ', ',
  )
  // PostgreSQL takes the costs of PostGIS' functions for a reason
  // to compile the statement, which takes twenty times as long.
  await transaction.query(sql`set local jit = off`)
  await transaction.query(sql`
    with built as (
      select ST_GeomFromEWKB(${isDrawn ? encodeLines(lines) : null}::bytea) as route
    )
    insert into ${tableOf('routes', version)} (
      partition, ride_id, route, excluded, distance, elapsed_time, timer_time, moving_time, average_speed, max_speed,
      elevation_gain, elevation_loss, average_heart_rate, max_heart_rate, average_cadence, average_power,
      point_count, west, south, east, north, splits, time_zone, thumbnails)
    select ${partition}, ${streamId}, route, ${JSON.stringify(track.excluded)}::json, ${numbers.distance},
      ${numbers.elapsedTime}, ${numbers.timerTime}, ${numbers.movingTime}, ${numbers.averageSpeed},
      ${numbers.maxSpeed},
      ${numbers.elevationGain}, ${numbers.elevationLoss}, ${numbers.averageHeartRate},
      ${numbers.maxHeartRate}, ${numbers.averageCadence}, ${numbers.averagePower},
      ${points}, ${box?.west}, ${box?.south}, ${box?.east}, ${box?.north}, ${JSON.stringify(splits)}::json,
      ${timeZoneOf(track)},
      case when route is not null then json_build_object(${thumbnails}) end
      from built
    on conflict (partition, ride_id) do nothing`)
}

function timeZoneOf({ segments }: Track): string | null {
  const first = segments.find(({ fixes }) => fixes.length > 0)?.fixes[0]
  return first === undefined ? null : timeZoneAt(first)
}

async function removeRoute(transaction: Transaction, version: number, deleted: RecordedEvent): Promise<void> {
  const { partition, streamId } = deleted
  for (const table of ['routes', 'tracks'] as const) {
    await transaction.query(
      sql`delete from ${tableOf(table, version)} where partition = ${partition} and ride_id = ${streamId}`,
    )
  }
}

/**
 * A ride that has ended is to be called finished, unless it is deleted first; with the numbers that its route has.
 */
async function keepOutbox(
  transaction: Transaction,
  version: number,
  events: readonly RecordedEvent[],
): Promise<void> {
  for (const { type, partition, streamId } of events) {
    await transaction.query(
      type === 'RideEnded'
        ? sql`
          insert into finish_outbox (partition, ride_id, progress)
          select ${partition}, ${streamId}, (
            select json_build_object('distance', round(distance::numeric, 2),
                                     'movingTime', round(moving_time::numeric, 3),
                                     'timerTime', round(timer_time::numeric, 3), 'speed', null)
              from ${tableOf('routes', version)} where partition = ${partition} and ride_id = ${streamId})
          on conflict do nothing`
        : sql`delete from finish_outbox where partition = ${partition} and ride_id = ${streamId}`,
    )
  }
}

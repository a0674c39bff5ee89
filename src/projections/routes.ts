/**
 * Projection `routes`: when a ride has ended its route and statistics are built, once, from all its events, and the ride
 * is put in the outbox to be called finished (`finisher.ts`).
 */
import { sql, type Transaction } from '@databases/pg'
import type { Log } from '#log/log.ts'
import { type RecordedEvent, readWholeStream } from '#log/read.ts'
import { decodeRideEvent } from '#ride/encoding.ts'
import type { Segment } from '#ride/segment.ts'
import { statisticsOf } from '#ride/statistics.ts'
import { trackOf } from '#ride/track.ts'
import { type Projection, tableOf } from './projection.ts'

export function routes(log: Log, { committed }: { committed: () => void }): Projection {
  return {
    name: 'routes',
    eventTypes: ['RideEnded', 'RideDeleted'],
    // A route of ten hours takes a tenth of a second, and whoever waits for the checkpoint waits for the batch.
    batchSize: 20,
    tables: ['routes'],
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

const wgs84 = 'SPHEROID["WGS 84",6378137,298.257223563]'

/**
 * The length is taken in two dimensions: with altitudes it is measured up and down as well (1 % on a ride with a trembling
 * barometer), which no bicycle computer does. And of the geometry, by its spheroid, not of a geography: the same geodesics,
 * but two fixes at opposite ends of the earth, which a receiver can report, are no error.
 */
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
  const track = trackOf(recorded.map(decodeRideEvent))
  const numbers = statisticsOf(track)
  await transaction.query(sql`
    with built as (
      select ST_GeomFromText(${wellKnownText(track.segments)}, 4326) as route
    )
    insert into ${tableOf('routes', version)} (partition, ride_id, route, excluded, distance, elapsed_time, timer_time, moving_time, max_speed,
      elevation_gain, elevation_loss, average_heart_rate, max_heart_rate, average_cadence, average_power)
    select ${partition}, ${streamId}, route, ${JSON.stringify(track.excluded)}::json,
      coalesce(ST_LengthSpheroid(ST_Force2D(route), ${wgs84}::spheroid), 0), ${numbers.elapsedTime}, ${numbers.timerTime}, ${numbers.movingTime},
      ${numbers.maxSpeed}, ${numbers.elevationGain}, ${numbers.elevationLoss}, ${numbers.averageHeartRate},
      ${numbers.maxHeartRate}, ${numbers.averageCadence}, ${numbers.averagePower}
      from built
    on conflict (partition, ride_id) do nothing`)
}

async function removeRoute(transaction: Transaction, version: number, deleted: RecordedEvent): Promise<void> {
  const { partition, streamId } = deleted
  await transaction.query(
    sql`delete from ${tableOf('routes', version)} where partition = ${partition} and ride_id = ${streamId}`,
  )
}

/** A ride that has ended is to be called finished, unless it is deleted first. */
async function keepOutbox(transaction: Transaction, events: readonly RecordedEvent[]): Promise<void> {
  for (const { type, partition, streamId } of events) {
    await transaction.query(
      type === 'RideEnded'
        ? sql`insert into finish_outbox (partition, ride_id) values (${partition}, ${streamId}) on conflict do nothing`
        : sql`delete from finish_outbox where partition = ${partition} and ride_id = ${streamId}`,
    )
  }
}

/**
 * MULTILINESTRING ZM, a line a stretch between pauses, in OGC well-known text; null where no stretch has two fixes. Z is
 * the altitude, the last one known where a fix has none; M seconds since 1970.
 */
function wellKnownText(segments: readonly Segment[]): string | null {
  let altitude = firstAltitude(segments)
  const lines: string[] = []
  for (const { fixes } of segments) {
    if (fixes.length < 2) continue
    const points = fixes.map((fix) => {
      altitude = fix.altitude ?? altitude
      return `${fix.longitude} ${fix.latitude} ${altitude} ${fix.at / 1000}`
    })
    lines.push(`(${points.join(',')})`)
  }
  return lines.length === 0 ? null : `MULTILINESTRING ZM (${lines.join(',')})`
}

function firstAltitude(segments: readonly Segment[]): number {
  for (const { fixes } of segments)
    for (const fix of fixes) if (fix.altitude !== undefined) return fix.altitude
  return 0
}

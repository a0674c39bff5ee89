/**
 * Projection `routes`: when a ride has ended its route, its statistics and its track are built, once, from
 * all its events, and the ride is put in the outbox to be called finished (`finisher.ts`). Of a ride with privacy zones they
 * are built twice, for its rider and for the others, and anew when its zones change.
 */
import { type SQLQuery, sql, type Transaction } from '@databases/pg'
import type { Log } from '#log/log.ts'
import { type RecordedEvent, readWholeStream } from '#log/read.ts'
import { decodeRideEvent } from '#ride/encoding.ts'
import type { RideEventType, Visibility } from '#ride/events.ts'
import { fastestKilometres } from '#ride/track/fastest.ts'
import { keepOutbox } from './finish-outbox.ts'
import { type MeasuredForAll, type MeasuredRide, measureRide } from './measure.ts'
import type { Measure } from './measurer.ts'
import { type Projection, tableOf } from './projection.ts'
import { keepRouteChanges } from './ride-changes.ts'
import type { Audience } from './ride-rows.ts'

export interface RoutesOptions {
  readonly committed: () => void
  /** Here, and at once, where left out: nothing else is done meanwhile. */
  readonly measure?: Measure
}

export function routes(log: Pick<Log, 'partitionOf'>, options: RoutesOptions): Projection {
  const { committed, measure = async (events) => measureRide(events) } = options
  return {
    name: 'routes',
    // 2: cleaned and smoothed tracks; splits, streams, thumbnails. 3: better smoothing, climbing, average
    // and highest speed; a pause of no length is none; the time zone. 4: whose it is, its day, its fastest kilometres.
    revision: 4,
    eventTypes: ['RideEnded', 'RideEdited', 'RideMasked', 'RideDeleted'],
    // A route of ten hours takes a tenth of a second, and
    // whoever waits for the checkpoint waits for the batch.
    batchSize: 20,
    tables: ['routes', 'tracks'],
    async apply(transaction, version, events) {
      const deleted = events.filter(({ type }) => type === 'RideDeleted')
      const gone = new Set(deleted.map(({ streamId }) => streamId))
      const toBuild = new Map(
        events
          .filter(({ streamId, type }) => type !== 'RideEdited' && !gone.has(streamId))
          .map((event) => [event.streamId, event]),
      )
      // PostgreSQL takes the costs of PostGIS' functions for a reason
      // to compile the statement, which takes twenty times as long.
      if (toBuild.size > 0) await transaction.query(sql`set local jit = off`)
      await forEach([...toBuild.values()], atATime, async (event) => {
        // Of what comes behind RideEnded only a mask changes the route.
        const ride = await measure(await readWholeStream(transaction, log, event.streamId), version)
        // It goes on; or was deleted, and redacted, since the batch was read: its RideDeleted is still to come.
        if (ride === undefined) return
        if (event.type === 'RideMasked') await removeRoute(transaction, version, event)
        await saveRoutes(transaction, version, event, ride)
      })
      for (const event of events) await takeVisibility(transaction, version, event)
      for (const event of deleted) await removeRoute(transaction, version, event)
    },
    async effects(transaction, version, events) {
      await keepOutbox(transaction, version, events)
      await keepRouteChanges(transaction, events)
    },
    committed,
  }
}

/** Rides that are read, measured or written: enough that neither a thread nor the database waits for the other. */
const atATime = 6

/** So many at a time; when one fails no other is begun, and those that were are waited for. */
async function forEach<Item>(
  items: readonly Item[],
  atATime: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const faults: unknown[] = []
  const left = items.values()
  async function next(): Promise<void> {
    for (const item of left) {
      if (faults.length > 0) return
      await work(item).catch((error: unknown) => faults.push(error))
    }
  }
  await Promise.all(Array.from({ length: atATime }, next))
  // What comes behind the first one, in a transaction that has failed, comes of it.
  if (faults.length > 0) throw faults[0]
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

async function saveRoutes(
  transaction: Transaction,
  version: number,
  event: RecordedEvent,
  { mask, riderId, visibility, own, others }: MeasuredForAll,
): Promise<void> {
  const isMasked = mask.zones.length > 0
  const ofRide = { riderId, visibility, maskVersion: mask.version }
  await saveRoute(transaction, version, event, own, {
    ...ofRide,
    audience: isMasked ? 'rider' : 'everyone',
    endsHidden: false,
  })
  if (others === null) return
  const { endsHidden } = others
  const seenBy: SeenBy = { ...ofRide, audience: 'others', endsHidden }
  await saveRoute(transaction, version, event, others, seenBy)
}

interface SeenBy {
  readonly riderId: string
  readonly visibility: Visibility
  readonly audience: Audience
  readonly maskVersion: number
  readonly endsHidden: boolean
}

async function saveRoute(
  transaction: Transaction,
  version: number,
  { partition, streamId }: RecordedEvent,
  {
    lines,
    points,
    box,
    statistics: numbers,
    timeZone,
    startedOn,
    fastest,
    excluded,
    splits,
    track,
  }: MeasuredRide,
  { riderId, visibility, audience, maskVersion, endsHidden }: SeenBy,
): Promise<void> {
  await transaction.query(sql`
    with built as (
      select ST_GeomFromEWKB(${lines && Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength)}::bytea) as route
    ), written as (
      insert into ${tableOf('tracks', version)} (partition, ride_id, audience, mask_version, track)
      values (${partition}, ${streamId}, ${audience}, ${maskVersion}, ${track}::json)
      on conflict (partition, ride_id, audience) do nothing
    )
    insert into ${tableOf('routes', version)} (
      partition, ride_id, route, excluded, distance, elapsed_time, timer_time, moving_time, average_speed, max_speed,
      elevation_gain, elevation_loss, average_heart_rate, max_heart_rate, average_cadence, average_power,
      point_count, west, south, east, north, splits, time_zone, audience, mask_version, ends_hidden, rider_id,
      visibility, started_on, ${fastestColumns}, thumbnails)
    select ${partition}, ${streamId}, route, ${excluded}::json, ${numbers.distance},
      ${numbers.elapsedTime}, ${numbers.timerTime}, ${numbers.movingTime}, ${numbers.averageSpeed},
      ${numbers.maxSpeed},
      ${numbers.elevationGain}, ${numbers.elevationLoss}, ${numbers.averageHeartRate},
      ${numbers.maxHeartRate}, ${numbers.averageCadence}, ${numbers.averagePower},
      ${points}, ${box?.west}, ${box?.south}, ${box?.east}, ${box?.north}, ${splits}::json, ${timeZone},
      ${audience}, ${maskVersion}, ${endsHidden}, ${riderId},
      ${visibility}, ${startedOn}::date, ${sql.join(
        fastest.map((each) => sql`${each}::float8`),
        ', ',
      )},
      case when route is not null then json_build_object(${thumbnailsOfRoute}) end
      from built
    on conflict (partition, ride_id, audience) do nothing`)
}

const fastestColumns: SQLQuery = sql.join(
  fastestKilometres.map((kilometres) => sql.ident(`fastest_${kilometres}`)),
  ', ',
)

const thumbnailsOfRoute: SQLQuery = sql.join(
  thumbnailTolerances.map(
    (tolerance) => sql`${String(tolerance)}::text, (
      select json_agg(ST_AsEncodedPolyline(part.geom) order by part.path)
        from ST_Dump(ST_Simplify(ST_Force2D(route), ${tolerance / longestDegree}::float8, true)) part)`,
  ),
  ', ',
)

/** What is looked for among the public ones is looked for by it; whether it is shown, `rides` says. */
async function takeVisibility(
  transaction: Transaction,
  version: number,
  recorded: RecordedEvent,
): Promise<void> {
  if (recorded.type !== ('RideEdited' satisfies RideEventType)) return
  const event = decodeRideEvent(recorded)
  const visibility = event.type === 'RideEdited' ? event.changes.visibility : undefined
  if (visibility === undefined) return
  const { partition, streamId } = recorded
  await transaction.query(sql`
    update ${tableOf('routes', version)} set visibility = ${visibility}
     where partition = ${partition} and ride_id = ${streamId} and visibility is distinct from ${visibility}`)
}

async function removeRoute(transaction: Transaction, version: number, deleted: RecordedEvent): Promise<void> {
  const { partition, streamId } = deleted
  for (const table of ['routes', 'tracks'] as const) {
    await transaction.query(
      sql`delete from ${tableOf(table, version)} where partition = ${partition} and ride_id = ${streamId}`,
    )
  }
}

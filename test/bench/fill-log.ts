/** Fills a log by SQL, as fast as PostgreSQL can write: rides that are ridden side by side, an event a position. */
import { type Queryable, sql } from '@databases/pg'
import { encodeRideEvent } from '#ride/encoding.ts'
import type { RideEvent } from '#ride/events.ts'
import { evolve, notStarted } from '#ride/ride.ts'

export interface Filling {
  readonly events: number
  /** How many rides are under way at a time; when they end as many others begin. */
  readonly sideBySide: number
  readonly eventsOfRide: number
  readonly onProgress?: (events: number) => void
}

/** Small enough for the time that the product's pool gives a statement. */
const batchSize = 100_000

const at = Date.UTC(2026, 4, 31, 8)
const progress = { distance: 12_345.6, movingTime: 1234, timerTime: 1300, speed: 8.25 }
const started: RideEvent = {
  type: 'RideStarted',
  at,
  riderId: '00000000-0000-4000-8000-000000000001',
  title: null,
  visibility: 'PRIVATE',
}
const position = { at, latitude: 51.1234567, longitude: 7.1234567, altitude: 123.4, speed: 8.25, accuracy: 5 }
const recorded: RideEvent = { type: 'RidePositionsRecorded', at, positions: [position], progress }
const paused: RideEvent = { type: 'RidePaused', at, progress }

/** Into partition 0 of an empty log that has no other. */
export async function fillLog(database: Queryable, filling: Filling): Promise<void> {
  const { events, onProgress } = filling
  for (let from = 0; from < events; from += batchSize) {
    const to = Math.min(events, from + batchSize)
    await fillEvents(database, filling, from, to)
    onProgress?.(to)
  }
  await fillStreams(database, filling)
}

/** Ride number n is ridden with those of its round: n / sideBySide. */
async function fillEvents(
  database: Queryable,
  { sideBySide, eventsOfRide }: Filling,
  from: number,
  to: number,
): Promise<void> {
  const inRound = sideBySide * eventsOfRide
  const metadata = {
    actor: '00000000-0000-4000-8000-000000000001',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  }
  await database.query(sql`
    insert into events (partition, position, stream_id, version, event_id, type, schema_version, recorded_at, content_hash, metadata, data)
    select 0, n + 1, md5('ride ' || n / ${inRound} * ${sideBySide} + n % ${sideBySide})::uuid, v.version, md5('event ' || n)::uuid,
           t.type, 1, clock_timestamp(), decode(md5(n::text), 'hex'),
           ('{"commandId":"' || md5('event ' || n)::uuid || ${`",${JSON.stringify(metadata).slice(1)}`})::json,
           case t.type when 'RidePositionsRecorded' then ${encodeRideEvent(recorded)}::json
                       when 'RideStarted' then ${encodeRideEvent(started)}::json
                       else ${encodeRideEvent(paused)}::json end
      from generate_series(${from}::bigint, ${to - 1}::bigint) n
      cross join lateral (select (n % ${inRound} / ${sideBySide} + 1)::integer as version) v
      cross join lateral (select case when v.version = 1 then 'RideStarted'
                                      when v.version = ${eventsOfRide} then 'RideEnded'
                                      when v.version % 500 = 499 then 'RidePaused'
                                      when v.version % 500 = 0 then 'RideResumed'
                                      else 'RidePositionsRecorded' end as type) t`)
}

async function fillStreams(database: Queryable, { events, sideBySide, eventsOfRide }: Filling) {
  const inRound = sideBySide * eventsOfRide
  const rides = Math.ceil(events / inRound) * sideBySide
  const state = JSON.stringify([started, recorded].reduce(evolve, notStarted))
  await database.query(sql`
    insert into streams (partition, stream_id, version, type, state)
    select 0, md5('ride ' || ride)::uuid, version, 'ride', ${state}::json
      from generate_series(0, ${rides - 1}::bigint) ride
      cross join lateral (
        select (least(${inRound}, ${events} - ride / ${sideBySide} * ${inRound}) - ride % ${sideBySide} + ${sideBySide - 1})
               / ${sideBySide} as version
      ) v
     where version > 0`)
}

/** Read tables with many rides in them, written by SQL: what pages of them cost does not ask how they came there. */
import { localRider, localRiderId } from '#rights/viewer.ts'
import { statement } from '../support/statement.ts'

export const viewer = { ...localRider, riderId: localRiderId }

export interface Filling {
  readonly rides: number
  /** How many of them are the viewer's, a third each PRIVATE, UNLISTED and PUBLIC; the first ones. */
  readonly own: number
  /** Of those of a hundred others. */
  readonly visibility: 'PRIVATE' | 'PUBLIC'
}

/** Empties the tables and fills them anew; every eleventh ride is deleted, and the tables have it still. */
export async function fillRides(url: string, { rides, own, visibility }: Filling): Promise<void> {
  await statement(
    url,
    `truncate rides_1, ride_progress_1, routes_1, streams;
     insert into riders (rider_id, name)
       select ('00000000-0000-4000-8000-' || lpad((100 + n)::text, 12, '0'))::uuid, 'Rider ' || n
         from generate_series(0, 99) n on conflict do nothing;
     create temporary table filling on commit drop as
       select n, md5(n::text)::uuid as ride_id, timestamptz '2026-01-01' + n % 1000 * interval '1 hour' as started_at,
              case when n <= ${own} then '${viewer.riderId}'::uuid
                   else ('00000000-0000-4000-8000-' || lpad((100 + n % 100)::text, 12, '0'))::uuid end as rider_id,
              case when n <= ${own} then (array['PRIVATE', 'UNLISTED', 'PUBLIC'])[n % 3 + 1] else '${visibility}' end as visibility
         from generate_series(1, ${rides}) n;
     insert into rides_1 (partition, ride_id, rider_id, status, visibility, started_at)
       select 0, ride_id, rider_id, case when n % 2 = 0 then 'FINISHED' else 'ENDED' end, visibility, started_at from filling;
     insert into ride_progress_1 (partition, ride_id, version, position, updated_at, latest, distance, moving_time, timer_time)
       select 0, ride_id, 5, n, started_at, '{"at": 0, "latitude": 46, "longitude": 14}', n, 60, 90 from filling;
     insert into routes_1 (partition, ride_id, excluded, distance, elapsed_time, timer_time, moving_time, max_speed,
                           point_count, east, thumbnails)
       select 0, ride_id, '[{"reason": "POOR_ACCURACY", "count": 3}]', n + 0.5, 100, 90, 60, 9, 2, 15, '{"10": ["ten"], "50": ["fifty"], "250": []}'
         from filling where n % 2 = 0;
     insert into streams (partition, stream_id, version, type, deleted, state)
       select 0, ride_id, 5, 'ride', n % 11 = 0, '{}' from filling`,
  )
}

/** Nobody gathers statistics but the test. */
export async function leaveAlone(url: string): Promise<void> {
  for (const table of ['rides_1', 'ride_progress_1', 'routes_1', 'streams', 'riders']) {
    await statement(url, `alter table ${table} set (autovacuum_enabled = false)`)
  }
}

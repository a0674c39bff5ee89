/** A page of history among so many rides, which are written into the read tables by SQL. */
import { localRiderId as riderId } from '#rights/viewer.ts'
import { directly } from '../directly.ts'
import { historyPage } from '../history.ts'
import type { Means } from '../measurement.ts'
import type { Plot } from '../plot.ts'
import { quantile } from '../quantile.ts'
import { ask } from '../requests.ts'
import { startService } from '../service.ts'

const pages = 300

export async function historyByRides({ postgres, quick, say }: Means): Promise<Plot> {
  const sizes = quick ? [1e3, 1e5] : [1e3, 1e5, 1e6]
  await using service = await startService(postgres, ['api'])
  const times: { size: number; ms: number[] }[] = []
  let filled = 0
  for (const size of sizes) {
    say(`${size} rides`)
    await fill(service.databaseUrl, filled, size)
    filled = size
    const ms: number[] = []
    for (let page = -50; page < pages; page++) {
      const began = performance.now()
      await ask(service.graphqlUrl, historyPage.query, {})
      if (page >= 0) ms.push(performance.now() - began)
    }
    times.push({ size, ms })
  }
  const by = (share: number) => times.map(({ size, ms }) => [size, quantile(ms, share)] as const)
  return {
    name: 'history-by-rides',
    title: 'A page of history: 20 rides with rider, statistics, thumbnail',
    x: { label: 'rides in all, a tenth of them the reader’s', isLogarithmic: true },
    y: { label: 'milliseconds' },
    series: [
      { name: 'p50', points: by(0.5) },
      { name: 'p99', points: by(0.99) },
    ],
  }
}

/** A thumbnail of 60 points or so: about as long as that of an hour's ride. */
const polyline = '_p~iF~ps|U'.concat('_ulLnnqC'.repeat(60))

async function fill(databaseUrl: string, from: number, to: number): Promise<void> {
  await directly(databaseUrl, async (client) => {
    const { rows } = await client.query(
      `select projection, version from projection_version where state = 'serving'`,
    )
    const table = (name: string, projection: string) =>
      `${name}_${rows.find((row) => row.projection === projection)?.version}`
    const ids = `select n, md5('ride ' || n)::uuid as id from generate_series(${from}, ${to - 1}) n`
    await client.query(`
      insert into ${table('rides', 'rides')} (partition, ride_id, rider_id, status, visibility, title, started_at, ended_at, finished_at)
      select 0, id, case when n % 10 = 0 then '${riderId}'::uuid else md5('rider ' || n % 1000)::uuid end, 'FINISHED',
             case when n % 2 = 0 then 'PRIVATE' else 'PUBLIC' end, 'Ride ' || n,
             s.at, s.at + interval '1 hour', s.at + interval '1 hour'
        from (${ids}) i cross join lateral (select timestamptz '2020-01-01' + n * interval '1 minute' as at) s`)
    await client.query(`
      insert into ${table('ride_progress', 'rides')} (partition, ride_id, version, position, updated_at, distance, moving_time, timer_time)
      select 0, id, 362, n + 1, now(), 30000, 3400, 3600 from (${ids}) i`)
    await client.query({
      text: `
        insert into ${table('routes', 'routes')} (partition, ride_id, excluded, distance, elapsed_time, timer_time, moving_time, max_speed,
          average_speed, elevation_gain, elevation_loss, point_count, west, south, east, north, thumbnails)
        select 0, id, '[]', 30000, 3600, 3600, 3400, 14, 8.8, 320, 320, 3600, 14, 46, 15, 47, $1::json from (${ids}) i`,
      values: [JSON.stringify({ '10': [polyline], '50': [polyline], '250': [polyline.slice(0, 100)] })],
    })
    await client.query(`
      insert into riders (rider_id, name)
      select distinct rider_id, 'Rider' from ${table('rides', 'rides')} on conflict do nothing`)
    await client.query('vacuum analyze')
  })
}

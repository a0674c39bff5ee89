/**
 * A page of history: the 20 newest rides of a rider, with rider, statistics and the route as a thumbnail. PostGraphile is given
 * the very tables that the product serves, joined to one view, so that it asks one flat statement, with an index of its own in
 * the order that it asks for (the product's are in parts by who may see a ride), and the thumbnails as they are stored: neither
 * side thins anything. It checks no rights but the rider's id.
 */
import { z } from 'zod'
import { eventually } from '../support/eventually.ts'
import { statement } from '../support/statement.ts'
import { load } from './http-load.ts'
import type { Means } from './measurement.ts'
import { filledDatabase, rebuild } from './rebuild.ts'
import { ask } from './requests.ts'
import { inTurn, type Turn, under } from './rounds.ts'
import { startService } from './service.ts'

const connections = 16
const tolerance = 50
const rides = 200

const numbers = [
  'distance',
  'elapsedTime',
  'timerTime',
  'movingTime',
  'averageSpeed',
  'maxSpeed',
  'elevationGain',
  'elevationLoss',
  'averageHeartRate',
  'maxHeartRate',
  'averageCadence',
  'averagePower',
]

export const historyPage = {
  query: `{ rides(first: 20) { nodes { id title status startedAt rider { id name }
    statistics { ${numbers.join(' ')} } route { polylines(tolerance: ${tolerance}) } } } }`,
}
const page = z.object({
  rides: z.object({
    nodes: z
      .array(
        z.object({
          id: z.string(),
          rider: z.object({ id: z.string() }),
          route: z.object({ polylines: z.array(z.string()) }),
        }),
      )
      .length(20),
  }),
})
const theirPage = z.object({
  rides: z.object({ nodes: z.array(z.object({ id: z.string(), thumbnail: z.unknown() })).length(20) }),
})

/** `history.project|postgraphile . perSecond|p50|p99`. */
export async function measureHistory({ postgres, peers, rounds, quick, say }: Means) {
  const seconds = quick ? 2 : 4
  const { databaseUrl } = await filledDatabase(await postgres.database(), rides, say)
  await rebuild(databaseUrl)
  await using opening = new AsyncDisposableStack()
  const service = opening.use(await startService(postgres, ['api'], { databaseUrl }))
  const ours = page.parse(await ask(service.graphqlUrl, historyPage.query, {})).rides.nodes
  const take = async (who: string, url: string, body: unknown) => {
    const { answered: _, ...figures } = await load({
      url,
      bodies: [body],
      connections,
      seconds,
      expect: '"data":{',
    })
    return under(`history.${who}`, figures)
  }
  const turns: Turn[] = [
    { name: 'the product', take: () => take('project', service.graphqlUrl, historyPage) },
  ]
  if (peers !== undefined) {
    await makeView(databaseUrl)
    const peer = opening.use(await peers.startOwn('history.mjs', { DATABASE_URL: databaseUrl }))
    const url = `http://127.0.0.1:${peer.port}/graphql`
    const body = { query: theirQuery, variables: { rider: ours[0]!.rider.id } }
    const theirs = await eventually(
      'PostGraphile to have read its schema',
      async () => theirPage.parse(await ask(url, body.query, body.variables)).rides.nodes,
    )
    const same = ours.every(({ id, route }, index) => {
      const other = theirs[index]!
      return other.id === id && JSON.stringify(other.thumbnail) === JSON.stringify(route.polylines)
    })
    if (!same) throw new Error('PostGraphile answers with other rides than the product')
    turns.push({ name: 'postgraphile', take: () => take('postgraphile', url, body) })
  }
  return await inTurn(rounds, turns, say)
}

const theirQuery = `query ($rider: UUID!) {
  rides: allRides(first: 20, condition: { riderId: $rider }, orderBy: [STARTED_AT_DESC, RIDE_ID_DESC]) {
    nodes { id: rideId title status startedAt riderId riderName ${numbers.join(' ')} thumbnail }
  }
}`

async function makeView(databaseUrl: string): Promise<void> {
  const [serving] = await statement(
    databaseUrl,
    `select max(version) filter (where projection = 'rides') as rides,
            max(version) filter (where projection = 'routes') as routes,
            to_regclass('riders') is not null as named
       from projection_version where state = 'serving'`,
  )
  const rides = `rides_${serving?.['rides']}`
  const routes = `routes_${serving?.['routes']}`
  const columns = numbers.map((name) => `f.${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`)
  // Where there is no table of riders, the product has the name from nowhere, too.
  const name = serving?.['named'] ? 'n.name' : `'You'::text`
  const join = serving?.['named'] ? 'left join riders n on n.rider_id = r.rider_id' : ''
  await statement(
    databaseUrl,
    `create index bench_history on ${rides} (rider_id, started_at desc, ride_id desc);
     create schema history;
     create view history.rides as
       select r.ride_id, r.title, r.status, r.started_at, r.rider_id, ${name} as rider_name,
              ${columns.join(', ')}, f.thumbnail_${tolerance} as thumbnail
         from ${rides} r ${join}
         left join ${routes} f on f.partition = r.partition and f.ride_id = r.ride_id;
     comment on view history.rides is '@primaryKey ride_id';`,
  )
}

/** Single-position mutations over HTTP, beside those who append one position a mutation, too. */
import { z } from 'zod'
import { insertBare } from './bare-insert.ts'
import { cpuBetween, cpuOf } from './cpu.ts'
import { load } from './http-load.ts'
import type { Means } from './measurement.ts'
import type { Peers } from './peers.ts'
import { quiet, startRides, upload } from './requests.ts'
import { type Figures, inTurn, type Turn, under } from './rounds.ts'
import { type Service, startService } from './service.ts'

const connections = 64
const rides = 500
/** As many as Emmett's own sample of a load: its pool is smaller. */
const emmettWriters = 32

/** `writes.project|all|mercurius|postgraphile|emmett|bare . perSecond|p50|p99`, and CPU time a request. */
export async function measureWrites({ postgres, peers, rounds, quick, say }: Means): Promise<Figures> {
  const seconds = quick ? 2 : 5
  await using opening = new AsyncDisposableStack()
  const apart = opening.use(await startService(postgres, ['api', 'worker']))
  const together = opening.use(await startService(postgres, ['all']))
  const turns: Turn[] = [
    { name: 'the product, ROLE=api beside ROLE=worker', take: () => write('project', apart, seconds) },
    ...(peers === undefined ? [] : turnsOf(peers, seconds)),
    { name: 'the product, ROLE=all', take: () => write('all', together, seconds) },
    {
      name: 'bare inserts',
      async take() {
        const { databaseUrl } = apart
        const groups = { databaseUrl, groupOf: connections, events: 'largest', seconds: seconds / 2 } as const
        return under('writes.bare', await insertBare(groups))
      },
    },
  ]
  // What is open is closed on return.
  return await inTurn(rounds, turns, say)
}

export async function write(
  who: string,
  service: Service,
  seconds: number,
  measurement = 'writes',
): Promise<Figures> {
  const ids = await startRides(service.graphqlUrl, rides)
  const bodies = ids.map((rideId, index) => upload(rideId, 1, index))
  const before = await cpuOf(service)
  const { answered = 0, ...figures } = await load({
    url: service.graphqlUrl,
    bodies,
    connections,
    seconds,
    expect: 'RecordPositionsPayload',
  })
  await quiet(service.graphqlUrl)
  const cpu = cpuBetween(before, await cpuOf(service), answered)
  return under(`${measurement}.${who}`, { ...figures, ...cpu })
}

function turnsOf(peers: Peers, seconds: number): Turn[] {
  const http = ['mercurius', 'postgraphile'].map((name) => ({
    name,
    async take() {
      await using peer = await peers.start(name)
      const bodies = Array.from({ length: rides }, () => bodyOf(name, crypto.randomUUID()))
      const url = `http://127.0.0.1:${peer.port}/graphql`
      const measured = { pids: { server: peer.pid }, databaseUrl: peers.databaseUrl }
      const before = await cpuOf(measured)
      const expect = '"data":{'
      const { answered = 0, ...figures } = await load({ url, bodies, connections, seconds, expect })
      const cpu = cpuBetween(before, await cpuOf(measured), answered)
      return under(`writes.${name}`, { ...figures, ...cpu })
    },
  }))
  return [
    ...http,
    {
      name: 'emmett',
      async take() {
        const writers = { WRITERS: String(emmettWriters), POSITIONS: '1', SECONDS: String(seconds) }
        return under('writes.emmett', storeFigures.parse(await peers.run('emmett.mjs', writers)))
      },
    },
  ]
}

export const storeFigures = z.object({ perSecond: z.number(), p50: z.number(), p99: z.number() })

/** The peers' own mutation, by hand and as PostGraphile makes it of the same function. */
function bodyOf(name: string, rideId: string) {
  const variables = { rideId, lat: 51.5, lng: -0.12, t: 1_732_200_000_000 }
  const query =
    name === 'postgraphile'
      ? 'mutation R($rideId:UUID!,$lat:Float!,$lng:Float!,$t:Float!){appendPosition(input:{ride:$rideId,lat:$lat,lng:$lng,t:$t}){result}}'
      : 'mutation R($rideId:ID!,$lat:Float!,$lng:Float!,$t:Float!){recordPosition(rideId:$rideId,lat:$lat,lng:$lng,t:$t){version rideId}}'
  return { query, variables }
}

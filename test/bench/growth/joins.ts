/** How soon who comes back to a feed has all that he missed. */
import { openFeedReader } from '../feed-reader.ts'
import { load } from '../http-load.ts'
import type { Means } from '../measurement.ts'
import type { Plot } from '../plot.ts'
import { quantile } from '../quantile.ts'
import { startRides, upload } from '../requests.ts'
import { startService } from '../service.ts'

const times = 9

export async function joinsByDistance({ postgres, quick, say }: Means): Promise<Plot> {
  const distances = quick ? [10, 1_000] : [10, 1_000, 10_000]
  await using service = await startService(postgres, ['api', 'worker'])
  const { graphqlUrl } = service
  const [rideId] = await startRides(graphqlUrl, 1)
  const longest = Math.max(...distances)
  say(`a ride of ${longest} uploads`)
  const bodies = Array.from({ length: 200 }, (_, index) => upload(rideId!, 1, index))
  const url = graphqlUrl.replace(/^http/, 'ws')
  let cursors: readonly string[] = []
  while (cursors.length <= longest + 1) {
    await load({ url: graphqlUrl, bodies, connections: 32, seconds: 1, expect: 'RecordPositionsPayload' })
    cursors = await cursorsOf(url, rideId!)
  }
  const newest = cursors.length
  const points: { p50: [number, number][]; most: [number, number][] } = { p50: [], most: [] }
  for (const distance of distances) {
    say(`joining ${distance} events behind`)
    const ms: number[] = []
    for (let time = 0; time < times; time++) {
      ms.push(await join(url, rideId!, cursors[newest - 1 - distance]!, distance))
    }
    points.p50.push([distance, quantile(ms, 0.5)])
    points.most.push([distance, quantile(ms, 1)])
  }
  return {
    name: 'join-by-distance',
    title: 'From subscribing until all that was missed is there',
    x: { label: 'events behind', isLogarithmic: true },
    y: { label: 'milliseconds' },
    series: [
      { name: 'p50', points: points.p50 },
      { name: `longest of ${times}`, points: points.most },
    ],
  }
}

/** Of all versions, in order. */
async function cursorsOf(url: string, rideId: string): Promise<readonly string[]> {
  await using reader = await openFeedReader(url, { rideId })
  reader.begin()
  await reader.silence()
  return reader.cursors
}

async function join(url: string, rideId: string, after: string, distance: number): Promise<number> {
  await using reader = await openFeedReader(url, { rideId, after })
  const began = performance.now()
  reader.begin()
  await reader.have(distance)
  return performance.now() - began
}

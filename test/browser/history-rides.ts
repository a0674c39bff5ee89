/** Rides of the past, simulated, and sent as one sends the files of a bike computer. */
import { simulateRide } from '#recordings/simulate/simulate.ts'
import { writeGpx } from '../recordings/write-gpx.ts'
import { eventually } from '../support/eventually.ts'

export interface PastRide {
  readonly title: string
  /** Of its start. */
  readonly at: string
  readonly place: { readonly latitude: number; readonly longitude: number }
  /** By the timer. */
  readonly minutes: number
  /** One makes another road than the other. */
  readonly seed: number
}

/** Resolves once each is finished, with their ids in order. */
export async function importRides(url: string, rides: readonly PastRide[]): Promise<string[]> {
  const ids: string[] = []
  for (const { title, at, place, minutes, seed } of rides) {
    const recording = simulateRide({
      seed,
      start: place,
      startedAt: Date.parse(at),
      duration: minutes * 60,
      interval: 5,
    })
    const response = await fetch(`${url}/rides/import`, {
      method: 'POST',
      body: writeGpx({ ...recording, name: title }),
    })
    const answer = (await response.json()) as { rideId?: string; message?: string }
    if (answer.rideId === undefined) throw new Error(`The ride was not taken: ${JSON.stringify(answer)}`)
    ids.push(answer.rideId)
  }
  await eventually('all to be finished', async () => (await finished(url)) === ids.length, {
    withinMs: 60_000,
  })
  return ids
}

async function finished(url: string): Promise<number> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ rides(first: 0, filter: { status: [FINISHED] }) { totalCount } }' }),
  })
  const answer = (await response.json()) as { data: { rides: { totalCount: number } } }
  return answer.data.rides.totalCount
}

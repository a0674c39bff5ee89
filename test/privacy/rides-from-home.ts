/** Rides of somebody who lives somewhere: out from home in all directions, and back the way he came. */
import { randomUUID } from 'node:crypto'
import { simulateRide } from '#recordings/simulate/simulate.ts'
import type { Position } from '#ride/position.ts'
import { metresPerDegree, type Place } from '#ride/track/geodesy.ts'
import { type ApiClient, startRide } from '../api/client.ts'

export interface RiddenFromHome {
  readonly rideId: string
  readonly startedAt: number
  readonly positions: readonly Position[]
}

/** Seconds out, and as many back. */
const outFor = 600

export function rideFrom(
  home: Place,
  index: number,
  { count, now }: { count: number; now: number },
): RiddenFromHome {
  // All of them over just now: when others learn of the end of one counts from there.
  const startedAt = Math.floor(now / 1000) * 1000 - 2 * outFor * 1000 - index * 1000
  const { entries } = simulateRide({ seed: index + 1, start: home, startedAt, duration: outFor })
  const out = entries.flatMap((entry) => (entry.kind === 'position' ? [entry.position] : []))
  const spun = out.map((position) => spin(position, home, (2 * Math.PI * index) / count))
  const last = spun.at(-1)!.at
  const back = spun.slice(0, -1).reverse()
  return {
    rideId: randomUUID(),
    startedAt,
    positions: [...spun, ...back.map((position, step) => ({ ...position, at: last + (step + 1) * 1_000 }))],
  }
}

/** The simulator's roads leave home much the same way: turned about it, they leave it in all directions. */
function spin(position: Position, home: Place, angle: number): Position {
  const { latitude, longitude } = position
  if (latitude === undefined || longitude === undefined) return position
  const { metresNorth, metresEast } = metresPerDegree(home.latitude)
  const north = (latitude - home.latitude) * metresNorth
  const east = (longitude - home.longitude) * metresEast
  return {
    ...position,
    latitude: home.latitude + (north * Math.cos(angle) - east * Math.sin(angle)) / metresNorth,
    longitude: home.longitude + (north * Math.sin(angle) + east * Math.cos(angle)) / metresEast,
  }
}

/** Rides it as a phone would, in uploads of so many positions. */
export async function send(client: ApiClient, ride: RiddenFromHome, perUpload: number): Promise<void> {
  const { rideId, positions } = ride
  const iso = (at: number) => new Date(at).toISOString()
  await startRide(client, {
    rideId,
    startedAt: iso(ride.startedAt),
    visibility: 'PUBLIC',
    title: 'Out and back',
  })
  for (let from = 0; from < positions.length; from += perUpload) {
    const upload = positions.slice(from, from + perUpload).map((each) => ({ ...each, at: iso(each.at) }))
    const { __typename: answer } = await client.mutate('recordPositions', { rideId, positions: upload })
    if (answer !== 'RecordPositionsPayload') throw new Error(`An upload was answered ${answer}`)
  }
  await client.mutate('endRide', { rideId, at: iso(positions.at(-1)!.at + 5_000) })
}

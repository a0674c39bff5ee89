/** Rides whose truth is known: what a device would have recorded of them, with as much error as is asked for. */
import geodesic from 'geographiclib-geodesic'
import { randomFrom } from '#recordings/simulate/simulate-random.ts'
import { roundPosition } from '#ride/encoding.ts'
import type { RideEvent } from '#ride/events.ts'
import type { Position } from '#ride/position.ts'
import { ended, noProgress, paused, resumed, start, started } from '../given.ts'

const earth = geodesic.Geodesic.WGS84

export const seconds = (count: number): number => start + count * 1000

/** Metres east and north of where the rider really is. */
export type Error = (second: number) => readonly [east: number, north: number]

export const exact: Error = () => [0, 0]

/** Independent errors, metres an axis (one standard deviation). */
export function noise(deviation: number, seed = 1): Error {
  const random = randomFrom(seed)
  return () => [deviation * random.normal(), deviation * random.normal()]
}

export interface Circle {
  readonly centre?: { readonly latitude: number; readonly longitude: number }
  /** Metres around. */
  readonly circumference: number
  /** Metres ridden at a second by the device's clock. */
  readonly distanceAt: (second: number) => number
  /** Seconds, the last included. */
  readonly from?: number
  readonly to: number
  readonly interval?: number
  readonly error?: Error
}

/** Samples of a ride around a circle on the ellipsoid. */
export function aroundCircle(circle: Circle): Position[] {
  const { centre = { latitude: 46.05, longitude: 14.5 }, circumference, distanceAt, from = 0, to } = circle
  const { interval = 1, error = exact } = circle
  const radius = circumference / (2 * Math.PI)
  const positions: Position[] = []
  for (let second = from; second <= to; second += interval) {
    const azimuth = (360 * distanceAt(second)) / circumference
    const true_ = placeAt(centre, azimuth, radius)
    positions.push(roundPosition({ at: seconds(second), ...displaced(true_, error(second)) }))
  }
  return positions
}

interface Place {
  readonly latitude: number
  readonly longitude: number
}

function placeAt({ latitude, longitude }: Place, azimuth: number, metres: number): Place {
  const { lat2, lon2 } = earth.Direct(latitude, longitude, azimuth, metres)
  return { latitude: lat2 ?? Number.NaN, longitude: lon2 ?? Number.NaN }
}

export function displaced(place: Place, [east, north]: readonly [number, number]): Place {
  const metres = Math.hypot(east, north)
  return metres === 0 ? place : placeAt(place, (Math.atan2(east, north) * 180) / Math.PI, metres)
}

export function upload(positions: readonly Position[]): RideEvent {
  return { type: 'RidePositionsRecorded', at: positions.at(-1)?.at ?? start, positions, progress: noProgress }
}

/** A ride of one stretch, in one upload. */
export function rideOf(positions: readonly Position[]): RideEvent[] {
  return [started, upload(positions), ended(positions.at(-1)?.at ?? start)]
}

/** A ride of stretches with pauses between. */
export function rideOfStretches(stretches: readonly (readonly Position[])[]): RideEvent[] {
  const events: RideEvent[] = [started]
  for (const [index, positions] of stretches.entries()) {
    if (index > 0) events.push(resumed(positions[0]!.at))
    events.push(upload(positions))
    const to = positions.at(-1)!.at
    events.push(index < stretches.length - 1 ? paused(to) : ended(to))
  }
  return events
}

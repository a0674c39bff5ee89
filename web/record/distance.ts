/**
 * How far a recording has gone, as far as this page can tell: so that a rider without a network sees it grow. The server
 * measures better, and its word counts as far as it goes.
 */
import { metresBetween } from '../map/geodesy.ts'
import type { TakenPosition } from './entries.ts'

/** A place known no better is left out, as the server does. */
export const poorestMetres = 50
/** No bicycle goes faster. */
const fastest = 35

export interface Odometer {
  /** Metres before the first of the positions. */
  readonly before: number
  /** Metres up to each position. */
  readonly through: readonly number[]
  add(position: TakenPosition): void
  /** A stretch begins: nothing is added across the pause. */
  lift(): void
}

export function createOdometer(before = 0): Odometer {
  const through: number[] = []
  let anchor: TakenPosition | null = null

  function leg(position: TakenPosition): number {
    const { accuracy = 0 } = position
    if (accuracy > poorestMetres) return 0
    if (anchor === null) {
      anchor = position
      return 0
    }
    const metres = metresBetween(placeOfPosition(anchor), placeOfPosition(position))
    // Who stands still is told of many places round him.
    if (metres < Math.min(8, Math.max(2, accuracy / 2))) return 0
    if (metres > (fastest * (position.at - anchor.at)) / 1_000) return 0
    anchor = position
    return metres
  }

  return {
    before,
    through,
    add(position) {
      through.push((through.at(-1) ?? before) + leg(position))
    },
    lift() {
      anchor = null
    },
  }
}

export function placeOfPosition({
  longitude,
  latitude,
}: TakenPosition): [longitude: number, latitude: number] {
  return [longitude, latitude]
}

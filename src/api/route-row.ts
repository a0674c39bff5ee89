/** The route of a finished ride and its statistics, as they come with the ride (`ride-row.ts`). */
import { sql } from 'kysely'
import type { thumbnailTolerances } from '#projections/routes.ts'
import type { ExclusionReason } from '#ride/track/segment.ts'
import type { TrackStatistics } from '#ride/track/statistics.ts'
import { degrees, orNull, roundedStatistics } from './rounding.ts'

/** With the decimals that they are shown with. */
export interface RouteRow extends TrackStatistics {
  readonly rideId: string
  readonly pointCount: number | null
  /** Undefined where it was not read with it. */
  readonly details: RouteDetails | undefined
  /** Those that were read with it: null where there is none. */
  readonly thumbnails: Thumbnails
}

/** Where a route lies, in degrees, and what is not in it. */
export interface RouteDetails {
  readonly west: number | null
  readonly south: number | null
  readonly east: number | null
  readonly north: number | null
  readonly excluded: readonly { readonly reason: ExclusionReason; readonly count: number }[]
}

export type ThumbnailTolerance = (typeof thumbnailTolerances)[number]

/** Encoded polylines by the tolerance in metres that the route is thinned to. */
export type Thumbnails = Readonly<Record<string, readonly string[] | null>>

/** In the order of `routeNumbers`, then of `detailNumbers` where they were asked for; nulls where a ride has no row of routes. */
export type RouteNumbers = readonly [
  elapsedTime: number | null,
  averageSpeed: number,
  maxSpeed: number,
  elevationGain: number | null,
  elevationLoss: number | null,
  averageHeartRate: number | null,
  maxHeartRate: number | null,
  averageCadence: number | null,
  averagePower: number | null,
  pointCount: number | null,
  west?: number | null,
  south?: number | null,
  east?: number | null,
  north?: number | null,
]

/**
 * Of routes `f`: what a ride does not have anyway. Tables of an older version, which are being built anew, do not have an average
 * speed.
 */
export const routeNumbers = sql`
  f.elapsed_time, coalesce(f.average_speed, f.distance / nullif(f.moving_time, 0), 0),
  f.max_speed, f.elevation_gain, f.elevation_loss,
  f.average_heart_rate, f.max_heart_rate, f.average_cadence, f.average_power, f.point_count`

export const detailNumbers = sql`f.west, f.south, f.east, f.north`

/** What of a route is told of its ride too. */
type OfTheRide = Pick<TrackStatistics, 'distance' | 'movingTime' | 'timerTime'> & { readonly rideId: string }

/** Null where the ride has none. */
export function routeRowOf(
  { rideId, distance, movingTime, timerTime }: OfTheRide,
  numbers: RouteNumbers,
  excluded: RouteDetails['excluded'] | undefined,
  thumbnails: Thumbnails,
): RouteRow | null {
  const [
    elapsedTime,
    averageSpeed,
    maxSpeed,
    elevationGain,
    elevationLoss,
    averageHeartRate,
    maxHeartRate,
    averageCadence,
    averagePower,
    pointCount,
    west = null,
    south = null,
    east = null,
    north = null,
  ] = numbers
  // The one that every route has and a ride without one does not.
  if (elapsedTime === null) return null
  const statistics = roundedStatistics({
    distance,
    elapsedTime,
    timerTime,
    movingTime,
    averageSpeed,
    maxSpeed,
    elevationGain,
    elevationLoss,
    averageHeartRate,
    maxHeartRate,
    averageCadence,
    averagePower,
  })
  const details = excluded && {
    west: orNull(west, degrees),
    south: orNull(south, degrees),
    east: orNull(east, degrees),
    north: orNull(north, degrees),
    excluded,
  }
  return { ...statistics, rideId, pointCount, details, thumbnails }
}
